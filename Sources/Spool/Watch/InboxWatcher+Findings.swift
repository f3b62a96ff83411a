import Files

/// What the watcher reports.
extension InboxWatcher {
    package enum Finding: Equatable, Sendable {
        case picture(RelativeName, Fingerprint, Sign, owner: UInt32)
        case gone(RelativeName)
        /// An entry that is not a picture to restore, and why.
        case passedOver(RelativeName, String)
        /// A folder that cannot be read, or an entry that cannot be looked at; nil for the queue of events.
        case trouble(RelativeName?, FileError)
    }

    package enum Inbox: Equatable, Sendable {
        case present
        /// Another folder than before has the inbox's path.
        case replaced
        case missing(String)
    }

    /// What the events of one turn require.
    package struct Heard: Equatable, Sendable {
        package var needsScan = false
        package var hasOverflowed = false
        /// Events were lost, so that nobody knows who has closed what.
        package var hasLostTrack = false

        /// Adds what another turn requires.
        mutating func add(_ other: Heard) {
            needsScan = needsScan || other.needsScan
            hasOverflowed = hasOverflowed || other.hasOverflowed
            hasLostTrack = hasLostTrack || other.hasLostTrack
        }
    }
}
