import Tensors

/// Why a set of tensors is not a PromptIR network, or a pass cannot run.
package enum NetworkError: Error, Equatable, CustomStringConvertible {
    case missingTensor(name: String, expected: String)
    case superfluousTensor(name: String, found: [Int])
    case misshapedTensor(name: String, expected: String, found: [Int])
    /// A weight is NaN or infinite, which would make every picture unusable.
    case nonFiniteWeight(name: String, index: Int, value: String)
    /// The weights or the working memory do not fit.
    case outOfMemory(byteCount: Int)
    /// The processor lacks the instructions that a precision needs.
    case unsupportedPrecision(Precision, missing: String)
    /// The processor lacks instructions that this build was made for.
    case unsupportedProcessor(missing: String)

    package var description: String {
        switch self {
        case .missingTensor(let name, let expected):
            "tensor \(name) is missing: expected \(expected); is this a PromptIR checkpoint?"
        case .superfluousTensor(let name, let found):
            "tensor \(name) of shape \(found) is not part of the network: expected no such tensor"
        case .misshapedTensor(let name, let expected, let found):
            "tensor \(name) has shape \(found): expected \(expected)"
        case .nonFiniteWeight(let name, let index, let value):
            "tensor \(name) holds \(value) at \(index): expected finite numbers; is the file damaged, or did its "
                + "training diverge?"
        case .outOfMemory(let byteCount):
            "cannot allocate \(byteCount) bytes: restore in smaller tiles or with fewer workers"
        case .unsupportedPrecision(let precision, let missing):
            "precision \(precision.rawValue): this processor lacks \(missing); choose precision float32 or int8, or a processor "
                + "with these instructions (AVX512_BF16: AMD Zen 4, Intel Cooper Lake or Sapphire Rapids, and later; AMX: "
                + "Intel Sapphire Rapids and later)"
        case .unsupportedProcessor(let missing):
            "this processor lacks \(missing); this build needs x86-64-v3 (Intel Haswell, AMD Zen or later)"
        }
    }
}
