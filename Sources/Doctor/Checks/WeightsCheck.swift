import Files
import Restoration

/// Whether the weights are there, and which they are.
package struct WeightsCheck: Sendable {
    package struct Weights: Sendable {
        package var path: Path
        package var digest: String
        package var parameterCount: Int

        package init(path: Path, digest: String, parameterCount: Int) {
            self.path = path
            self.digest = digest
            self.parameterCount = parameterCount
        }
    }

    package var result: Result<Weights, ModelError>
    /// Why the service's user cannot read them.
    package var refusal: Errno?
    package var user: String

    package init(result: Result<Weights, ModelError>, refusal: Errno? = nil, user: String) {
        self.result = result
        self.refusal = refusal
        self.user = user
    }

    package var finding: Finding {
        switch result {
        case .success(let weights):
            if let refusal {
                return .failed(
                    "weights", "\(user) cannot read \(weights.path): \(refusal)",
                    advice: "compare the owners and modes that `namei -l \(weights.path)` shows with \(user)")
            }
            return .ok("weights", "\(weights.path), \(weights.parameterCount) parameters, \(weights.digest)")
        case .failure(let error):
            let advice =
                if case .notFound = error {
                    "install compact.safetensors in one of these places, or set model to a checkpoint"
                } else {
                    "set model to a checkpoint that `promptir inspect` can read, or to \"\" for those that ship"
                }
            return .failed("weights", Self.text(error), advice: advice)
        }
    }

    /// Without the advice of the other programs, which have a flag for it.
    private static func text(_ error: ModelError) -> String {
        if case .notFound(let places) = error {
            return "none found; looked for " + places.map(\.description).joined(separator: ", ")
        }
        return error.description
    }
}
