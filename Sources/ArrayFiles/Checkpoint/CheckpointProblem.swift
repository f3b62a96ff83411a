/// What can be wrong with a checkpoint whatever its container.
package enum CheckpointProblem: Equatable, Sendable, CustomStringConvertible {
    /// Neither safetensors nor PyTorch; `start` is the file's first bytes, as printed characters.
    case unknownContainer(start: String)
    /// No tensors under any of the known keys; `found` are the first keys there are.
    case noWeights(found: [String])
    /// Two tensors have one name, or would have once their prefixes are removed.
    case duplicateName(String, String)
    /// Asked for a tensor that is not there.
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
