/// What the spool tells its owner, beside the log.
package enum SpoolNotice: Sendable {
    /// An output has its name, durably, and its original is dealt with; so long after the claim.
    case restored(PublishedOutput, after: Duration)
    case quarantined(source: RelativeName, FailureReason, attempts: Int)
    case paused(String)
    case resumed
    /// The queue has drained: nothing waits, nothing is at work, and something was done since the last time.
    case idle(SpoolSnapshot)
}
