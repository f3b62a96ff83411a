/// The problems that a checkpoint in any container may have.
package enum CheckpointProblem: Equatable, Sendable, CustomStringConvertible {
    /// The file is neither safetensors nor PyTorch; `start` has its first bytes as printable characters.
    case unknownContainer(start: String)
    /// There are no tensors under any of the known keys; `found` has the first existing keys.
    case noWeights(found: [String])
    /// Two tensors have the same name, at least after their prefixes are removed.
    case duplicateName(String, String)
    /// The requested tensor does not exist.
    case noTensor(String)

    package var description: String {
        switch self {
        case .unknownContainer(let start):
            "neither safetensors nor a PyTorch checkpoint (starts with \(start)); give a .safetensors, .pth or .ckpt"
        case .noWeights(let found) where found.isEmpty:
            "expected a dictionary of tensors, found none; save model.state_dict()"
        case .noWeights(let found):
            "expected tensors, or a dictionary of them under state_dict, model_state_dict, model, params, "
                + "params_ema or ema; found the keys \(found.joined(separator: ", "))"
        case .duplicateName(let name, let other) where name == other: "the tensor \(name) is there twice"
        case .duplicateName(let name, let other):
            "\(name) and \(other) have the same name without their prefixes; keep one of the networks"
        case .noTensor(let name): "there is no tensor \(name)"
        }
    }
}
