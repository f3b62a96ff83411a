import Dispatch
import Synchronization

/// Memory that several workers share. Each worker reserves what it will use, and waits until there is enough.
///
/// The order is first come, first served, so that small images do not delay a large one for ever. A reservation beyond
/// the whole budget is refused, because the kernel would end the process. If the system refuses memory that the budget
/// promised, fewer images are processed at a time until they succeed again.
package final class MemoryBudget: Sendable {
    package let byteCount: Int

    private struct Waiter {
        let byteCount: Int
        let signal: DispatchSemaphore
    }

    private struct State {
        var reserved = 0
        /// The bytes that several may reserve together: fewer than the budget after the system refused memory. A single
        /// reservation is always granted.
        var capacity: Int
        var waiting: [Waiter] = []
    }

    private let state: Mutex<State>

    package init(byteCount: Int) {
        self.byteCount = byteCount
        state = Mutex(State(capacity: byteCount))
    }

    /// Runs `body` while `byteCount` bytes are reserved.
    ///
    /// - Parameters:
    ///   - onWait: called about once a second while the worker waits, which shows that it does not hang.
    ///   - isShortage: whether an error of `body` says that the system refused memory.
    /// - Returns: the result of `body`; nil, without having called it, if `byteCount` exceeds the budget.
    @discardableResult
    package func reserving<Result, Failure: Error>(
        _ byteCount: Int, onWait: (() -> Void)? = nil, isShortage: (Failure) -> Bool = { _ in false },
        body: () throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard byteCount <= self.byteCount else { return nil }
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
        do throws(Failure) {
            let result = try body()
            let share = self.byteCount / Self.recoveryShare
            release(byteCount) { min($0, self.byteCount - share) + share }
            return result
        } catch {
            let others = reserved - byteCount
            // The system provides at least what the others have.
            release(byteCount) { isShortage(error) ? min($0, others) : $0 }
            throw error
        }
    }

    /// After a shortage, each success gives an eighth of the budget back.
    private static let recoveryShare = 8

    /// The number of bytes reserved now.
    package var reserved: Int { state.withLock(\.reserved) }

    /// The number of waiting reservations.
    package var waitingCount: Int { state.withLock(\.waiting.count) }

    private func fits(_ byteCount: Int, in state: State) -> Bool {
        state.reserved == 0 || byteCount <= state.capacity - state.reserved
    }

    private func release(_ byteCount: Int, newCapacity: (Int) -> Int) {
        state.withLock { state in
            state.reserved -= byteCount
            state.capacity = newCapacity(state.capacity)
            while let next = state.waiting.first, fits(next.byteCount, in: state) {
                state.reserved += next.byteCount
                state.waiting.removeFirst()
                next.signal.signal()
            }
        }
    }
}
