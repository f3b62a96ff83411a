/// A notice that the spool sends its owner, in addition to the log.
package enum SpoolNotice: Sendable {
    /// An output has its final name, durably, and its original has been dealt with. `after` is the time since
    /// the claim.
    case restored(PublishedOutput, after: Duration)
    case quarantined(source: RelativeName, FailureReason, attempts: Int)
    case paused(String)
    case resumed
    /// The queue has drained: nothing waits or is being processed, and something was done since the last
    /// notice.
    case idle(SpoolSnapshot)
}
