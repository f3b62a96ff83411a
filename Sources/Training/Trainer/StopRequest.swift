import Synchronization

/// Asks a run to save and stop. A signal handler sets it, and the run checks it between updates.
package final class StopRequest: Sendable {
    /// The signal's number; 0 as long as nobody asked.
    private let number = Atomic<Int32>(0)

    package init() {}

    /// - Parameter signal: the number of the signal that asks.
    /// - Returns: whether this was the first request.
    @discardableResult
    package func set(_ signal: Int32) -> Bool {
        number.compareExchange(expected: 0, desired: signal, ordering: .relaxed).exchanged
    }

    package var isSet: Bool { signal != nil }

    /// The signal that asked first.
    package var signal: Int32? {
        let number = number.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
