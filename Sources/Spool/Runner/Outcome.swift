import Files

/// What a worker reports for a claim.
package enum Outcome: Equatable, Sendable {
    /// The output is stored under a temporary name; see ``Claim/stage(_:names:logFields:)``.
    case restored(StagedOutput)
    /// The picture failed. It is retryable if another attempt may succeed, as after a read error.
    case failed(FailureReason, retryable: Bool)
    /// The worker's model gave no usable result. That is the picture's fault as long as the model has given one for
    /// another picture since it was loaded, or for a few pictures at first; else the model's.
    case unusableResult(FailureReason)
    /// The content ends too early; perhaps its writer has not finished.
    case truncated
    /// The environment is at fault, not the picture: intake pauses, and the attempt does not count.
    /// `byteCount` is the size of the output if the disk refused it, else 0.
    case environment(String, byteCount: Int = 0)
    /// The picture was not processed, and the attempt does not count.
    case returned

    /// Whether the picture was read and gave no output.
    var isFailure: Bool {
        switch self {
        case .failed, .unusableResult: true
        case .restored, .truncated, .environment, .returned: false
        }
    }

    /// Makes the outcome of a claim that could not be read.
    package init(_ error: ClaimReadError) {
        switch error {
        case .tooLarge:
            self = .failed(FailureReason(code: "too-large", message: error.description), retryable: false)
        case .changed: self = .truncated
        case .system(let cause) where cause.errno == .noMemory || cause.errno.cause == .server:
            self = .environment(error.description)
        case .system:
            // A bad sector concerns only this picture. A bad disk also refuses the next rename, and that
            // pauses the intake.
            self = .failed(FailureReason(code: "unreadable", message: error.description), retryable: true)
        }
    }
}
