import Doctor
import Tensors
import Testing

@Suite struct ProcessorCheckTests {
    @Test func aProcessorWithAllIsReadyForAny() {
        let check = ProcessorCheck(missing: [], registerBitCount: 512) { _ in [] }
        for precision in Precision.allCases {
            #expect(check.finding(precision).level == .ok)
        }
    }

    @Test func aPrecisionWithoutItsInstructionsFails() {
        let check = ProcessorCheck(missing: [], registerBitCount: 256) {
            $0 == .bfloat16 ? ["AVX512_BF16"] : []
        }
        #expect(check.finding(.float32).level == .ok && check.finding(.int8).level == .ok)
        let finding = check.finding(.bfloat16)
        #expect(finding.level == .failed && finding.text.contains("AVX512_BF16"))
        #expect(finding.advice?.contains("float32") == true)
        #expect(check.finding(.float32).text.contains("bfloat16 (needs AVX512_BF16), bfloat16-amx, int8"))
    }

    @Test func missingInstructionsAreNamed() {
        let check = ProcessorCheck(missing: ["AVX2", "FMA"], registerBitCount: 256) { _ in [] }
        let finding = check.finding(.float32)
        #expect(finding.level == .failed && finding.text == "it lacks AVX2, FMA")
    }
}
