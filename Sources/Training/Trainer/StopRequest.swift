import Synchronization

/// Asks a run to save and end: set by a signal's handler, looked at between updates.
package final class StopRequest: Sendable {
    private let flag = Atomic(false)

    package init() {}

    /// - Returns: whether it was the first time.
    @discardableResult
    package func set() -> Bool {
        !flag.exchange(true, ordering: .relaxed)
    }

    package var isSet: Bool { flag.load(ordering: .relaxed) }
}
