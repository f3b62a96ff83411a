import Doctor
import Tensors
import Testing

@Suite struct ProcessorCheckTests {
    @Test func aProcessorWithAllIsReadyForAny() {
        let check = ProcessorCheck(missing: [], registerBitCount: 512, hasBFloat16: true)
        for precision in Precision.allCases {
            #expect(check.finding(precision).level == .ok)
        }
    }

    @Test func aPrecisionWithoutItsInstructionsFails() {
        let check = ProcessorCheck(missing: [], registerBitCount: 256, hasBFloat16: false)
        #expect(check.finding(.float32).level == .ok && check.finding(.int8).level == .ok)
        let finding = check.finding(.bfloat16)
        #expect(finding.level == .failed && finding.text.contains("AVX512_BF16"))
        #expect(finding.advice?.contains("float32") == true)
    }

    @Test func missingInstructionsAreNamed() {
        let finding = ProcessorCheck(missing: ["AVX2", "FMA"], registerBitCount: 256, hasBFloat16: false)
            .finding(.float32)
        #expect(finding.level == .failed && finding.text == "it lacks AVX2, FMA")
    }
}
