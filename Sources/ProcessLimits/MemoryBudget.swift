import Dispatch
import Synchronization

/// Memory that several workers share. Each worker reserves what it will use, and waits until there is enough.
///
/// The order is first come, first served, so that small images do not delay a large one for ever. A
/// reservation beyond the whole budget is granted when nothing else is reserved, when it has the best chance.
package final class MemoryBudget: Sendable {
    package let byteCount: Int

    private struct Waiter {
        let byteCount: Int
        let signal: DispatchSemaphore
    }

    private struct State {
        var reserved = 0
        var waiting: [Waiter] = []
    }

    private let state = Mutex(State())

    package init(byteCount: Int) {
        self.byteCount = byteCount
    }

    /// Runs `body` while `byteCount` bytes are reserved.
    ///
    /// - Parameter onWait: called about once a second while the worker waits, which shows that it does not
    ///   hang.
    package func reserving<Result: ~Copyable, Failure: Error>(
        _ byteCount: Int, onWait: (() -> Void)? = nil, body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let signal: DispatchSemaphore? = state.withLock { state in
            if state.waiting.isEmpty, fits(byteCount, in: state) {
                state.reserved += byteCount
                return nil
            }
            let waiter = Waiter(byteCount: byteCount, signal: DispatchSemaphore(value: 0))
            state.waiting.append(waiter)
            return waiter.signal
        }
        while let signal, signal.wait(timeout: .now() + .seconds(1)) == .timedOut {
            onWait?()
        }
        defer { release(byteCount) }
        return try body()
    }

    /// The number of bytes reserved now.
    package var reserved: Int { state.withLock(\.reserved) }

    /// The number of waiting reservations.
    package var waitingCount: Int { state.withLock(\.waiting.count) }

    private func fits(_ byteCount: Int, in state: State) -> Bool {
        state.reserved == 0 || byteCount <= self.byteCount - state.reserved
    }

    private func release(_ byteCount: Int) {
        state.withLock { state in
            state.reserved -= byteCount
            while let next = state.waiting.first, fits(next.byteCount, in: state) {
                state.reserved += next.byteCount
                state.waiting.removeFirst()
                next.signal.signal()
            }
        }
    }
}
