import CMatrixUnit
import CProcessor
import Glibc
import Tensors

/// The instruction sets that the kernels require and those that the processor has.
package enum Processor {
    /// The names of missing instruction sets; empty if the kernels can run (x86-64-v3).
    package static var missingFeatures: [String] {
        var missing: [String] = []
        if processor_has_avx2() == 0 { missing.append("AVX2") }
        if processor_has_fma() == 0 { missing.append("FMA") }
        if processor_has_bmi2() == 0 { missing.append("BMI2") }
        if processor_has_f16c() == 0 { missing.append("F16C") }
        return missing
    }

    /// The same for a pass of this precision. Those that `PROMPTIR_REGISTER_BITS=256` hides count as missing.
    package static func missingFeatures(for precision: Precision) -> [String] {
        switch precision {
        // Every processor that the kernels can run on multiplies pairs of integers.
        case .float32, .int8: []
        case .bfloat16:
            hasBFloat16 || emulatesBFloat16 ? [] : ["AVX512_BF16"]
        case .bfloat16AMX:
            hasMatrixUnit ? [] : ["AMX"]
        }
    }

    /// The same for training.
    package static func missingFeatures(for precision: TrainingPrecision) -> [String] {
        switch precision {
        case .float32: []
        case .mixed: missingFeatures(for: Precision.bfloat16)
        }
    }

    /// Whether the processor multiplies bfloat16, and no environment hides its 512-bit registers.
    package static let hasBFloat16 = registerBitCount == 512 && processor_has_avx512_bf16() != 0

    /// Whether the processor multiplies integers of 8 bits in 512-bit registers, and bfloat16 too.
    package static let hasWideInt8 = hasBFloat16 && processor_has_avx512_vnni() != 0

    /// Whether the processor has a matrix unit (Intel AMX) that this process may use, and no environment hides it.
    package static let hasMatrixUnit =
        hasWideInt8 && !isSet("PROMPTIR_MATRIX_UNIT", to: "off") && matrix_unit_is_usable() != 0

    /// The register width that products use, in bits: the processor's, or 256 if the environment has
    /// `PROMPTIR_REGISTER_BITS=256`, for comparisons. The results are the same.
    package static let registerBitCount =
        processor_has_avx512() != 0 && !isSet("PROMPTIR_REGISTER_BITS", to: "256") ? 512 : 256

    /// Whether float32's kernels use the build for 512-bit registers.
    static let usesWideRegisters = registerBitCount == 512

    /// Whether bfloat16 is computed without its instructions, which takes longer than float32: for tests on
    /// processors that lack them, where the environment has `PROMPTIR_BFLOAT16=emulated`.
    static var emulatesBFloat16: Bool { isSet("PROMPTIR_BFLOAT16", to: "emulated") }

    /// Whether the operands of int8 are laid out as for the wide build, and computed without its instructions: for tests
    /// where the environment has `PROMPTIR_INT8=emulated`.
    static var emulatesInt8: Bool { isSet("PROMPTIR_INT8", to: "emulated") }

    private static func isSet(_ name: String, to value: String) -> Bool {
        getenv(name).map { strcmp($0, value) } == 0
    }
}
