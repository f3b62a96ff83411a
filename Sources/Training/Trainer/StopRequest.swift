import Synchronization

/// Asks a run to save and stop. A signal handler sets it, and the run checks it between updates.
package final class StopRequest: Sendable {
    private let flag = Atomic(false)

    package init() {}

    /// - Returns: whether this was the first request.
    @discardableResult
    package func set() -> Bool {
        !flag.exchange(true, ordering: .relaxed)
    }

    package var isSet: Bool { flag.load(ordering: .relaxed) }
}
