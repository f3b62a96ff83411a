/// The stable names of what the spool logs: the value of the metadata key `event`.
///
/// Whoever writes to the journal maps each to a MESSAGE_ID; a name is never given another meaning.
package enum SpoolEvent: String, Sendable, CaseIterable {
    case opened = "spool-opened"
    case recovered = "spool-recovered"
    case swept = "spool-swept"
    case claimed = "picture-claimed"
    case restored = "picture-restored"
    case retried = "picture-retried"
    case returned = "picture-returned"
    case incomplete = "picture-incomplete"
    case quarantined = "picture-quarantined"
    case vanished = "picture-vanished"
    /// One file cannot be taken; it stays in the inbox.
    case refused = "picture-refused"
    /// Something in the inbox that is no picture to take; it stays there.
    case passedOver = "entry-passed-over"
    case paused = "intake-paused"
    case resumed = "intake-resumed"
    /// One folder refuses what the disk takes: its pictures wait, the others go on.
    case blocked = "folder-blocked"
    case unblocked = "folder-unblocked"
    case overflowed = "watch-overflowed"
    case polling = "watch-polling"
    case inboxLost = "inbox-lost"
    case inboxFound = "inbox-found"
    case scanFailed = "inbox-scan-failed"
    case idle = "spool-idle"
    case stopped = "spool-stopped"
    /// Old originals or records were removed.
    case pruned = "spool-pruned"
    case pruneFailed = "spool-prune-failed"
    case statusFailed = "status-write-failed"
}

/// What the spool tells its owner, beside the log.
package enum SpoolNotice: Sendable {
    /// An output has its name, durably, and its original is dealt with.
    /// `duration` is the time since the claim.
    case restored(
        source: RelativeName, output: RelativeName, inputByteCount: Int, byteCount: Int, duration: Duration)
    case quarantined(source: RelativeName, FailureReason, attempts: Int)
    case paused(String)
    case resumed
    /// The queue has drained: nothing waits, nothing is at work, and something was done since the last time.
    case idle(SpoolSnapshot)
}
