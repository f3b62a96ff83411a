import Kernels
import Tensors

/// Whether the processor has the instructions that the network and its precision need.
package struct ProcessorCheck: Sendable {
    /// Instruction sets that every build of the program needs and that are missing.
    package var missing: [String]
    package var registerBitCount: Int
    /// The instructions that a precision lacks here.
    package var lacks: @Sendable (Precision) -> [String]

    package init(
        missing: [String], registerBitCount: Int, lacks: @escaping @Sendable (Precision) -> [String]
    ) {
        self.missing = missing
        self.registerBitCount = registerBitCount
        self.lacks = lacks
    }

    /// Asks this machine's processor.
    static var ofThisMachine: ProcessorCheck {
        ProcessorCheck(
            missing: Processor.missingFeatures, registerBitCount: Processor.registerBitCount,
            lacks: { Processor.missingFeatures(for: $0) })
    }

    package func finding(_ precision: Precision) -> Finding {
        if !missing.isEmpty {
            return .failed(
                "processor", "it lacks \(missing.joined(separator: ", "))",
                advice: "use a processor from 2013 or later; in a virtual machine, pass the host's on to it")
        }
        let lacking = lacks(precision)
        if !lacking.isEmpty {
            return .failed(
                "processor",
                "it lacks \(lacking.joined(separator: ", ")), which precision = \"\(precision.rawValue)\" needs",
                advice:
                    "set precision = \"float32\"; its results are as good. \"int8\" takes as little memory")
        }
        let precisions = Precision.allCases.map { one in
            let names = lacks(one)
            return one.rawValue + (names.isEmpty ? "" : " (needs \(names.joined(separator: ", ")))")
        }
        return .ok(
            "processor",
            "\(registerBitCount)-bit registers; precisions: " + precisions.joined(separator: ", ")
                + "; in use: \(precision.rawValue)"
        )
    }
}
