import Foundation

/// Tests of bfloat16 run on every processor.
package enum BFloat16Emulation {
    /// Makes this process compute bfloat16 without its instructions where the processor lacks them. Call it before the
    /// first network of this precision.
    package static func begin() { _ = isBegun }

    private static let isBegun: Bool = {
        let processor = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let hasInstructions = processor.contains("avx512_bf16") && getenv("PROMPTIR_REGISTER_BITS") == nil
        return hasInstructions || setenv("PROMPTIR_BFLOAT16", "emulated", 1) == 0
    }()
}
