import Kernels
import Tensors

/// Whether the processor has the instructions that the network and its precision need.
package struct ProcessorCheck: Sendable {
    /// Instruction sets that every build of the program needs and that are missing.
    package var missing: [String]
    package var registerBitCount: Int
    package var hasBFloat16: Bool

    package init(missing: [String], registerBitCount: Int, hasBFloat16: Bool) {
        self.missing = missing
        self.registerBitCount = registerBitCount
        self.hasBFloat16 = hasBFloat16
    }

    /// Asks this machine's processor.
    static var ofThisMachine: ProcessorCheck {
        ProcessorCheck(
            missing: Processor.missingFeatures, registerBitCount: Processor.registerBitCount,
            hasBFloat16: Processor.missingFeatures(for: .bfloat16).isEmpty)
    }

    package func finding(_ precision: Precision) -> Finding {
        if !missing.isEmpty {
            return .failed(
                "processor", "it lacks \(missing.joined(separator: ", "))",
                advice: "use a processor from 2013 or later; in a virtual machine, pass the host's on to it")
        }
        if precision == .bfloat16, !hasBFloat16 {
            return .failed(
                "processor", "it lacks AVX512_BF16, which precision = \"bfloat16\" needs",
                advice:
                    "set precision = \"float32\"; its results are as good. \"int8\" takes as little memory")
        }
        let precisions =
            hasBFloat16 ? "float32, bfloat16 and int8" : "float32 and int8 (bfloat16 needs AVX512_BF16)"
        return .ok(
            "processor",
            "\(registerBitCount)-bit registers; precisions: \(precisions); in use: \(precision.rawValue)")
    }
}
