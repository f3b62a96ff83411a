import Files

/// What a worker made of a claim.
package enum Outcome: Equatable, Sendable {
    /// The output waits under a temporary name; see ``Claim/stage(_:names:logFields:)``.
    case restored(StagedOutput)
    /// Retryable where another attempt may go better, such as for want of memory.
    case failed(FailureReason, retryable: Bool)
    /// The content ends too early: perhaps its writer has not finished.
    case truncated
    /// A fault that is not the picture's: intake pauses, and the attempt does not count. `byteCount` is the size of
    /// the output that the disk did not take, if that was the fault.
    case environment(String, byteCount: Int = 0)
    /// Not worked on; the attempt does not count.
    case returned

    /// The outcome of a claim that could not be read.
    package init(_ error: ClaimReadError) {
        switch error {
        case .tooLarge:
            self = .failed(FailureReason(code: "too-large", message: error.description), retryable: false)
        case .changed: self = .truncated
        case .system(let cause) where cause.errno == .inputOutput:
            // A bad sector is this picture's alone. A bad disk refuses the next rename as well, and that pauses.
            self = .failed(FailureReason(code: "unreadable", message: error.description), retryable: true)
        case .system: self = .environment(error.description)
        }
    }
}
