import CMatrixUnit
import CThreads
import Glibc
import Synchronization

/// A non-escaping closure, valid while the call that received it runs.
struct BorrowedClosure {
    let function: UnsafeRawPointer
    let context: UnsafeRawPointer?

    @inline(__always)
    func callAsFunction(_ task: Int, _ worker: Int) { promptir_call(function, context, task, worker) }
}

/// The state that the threads of a team share.
///
/// A helper that wakes late finds the board closed or works on the next call's tasks; nobody waits for it. A waiting
/// thread spins briefly first, because a training step distributes work thousands of times and waking a thread takes
/// as long as a small task.
final class Board: @unchecked Sendable {
    // Unchecked because `work` and `count` change only while the board is closed and no helper is inside, which
    // `state` orders.

    /// The numbers of helpers that are inside, that have entered, and that may enter; or closed, with or without the
    /// caller asleep.
    private struct State {
        static let closed = 1 << 48
        static let callerSleeps = 1 << 49
        static let entrance = 1 + (1 << 16)

        static func open(helperCount: Int) -> Int { helperCount << 32 }
        static func inside(_ state: Int) -> Int { state & 0xFFFF }
        static func entered(_ state: Int) -> Int { state >> 16 & 0xFFFF }
        static func limit(_ state: Int) -> Int { state >> 32 & 0xFFFF }
        static func hasRoom(_ state: Int) -> Bool { state & closed == 0 && entered(state) < limit(state) }
    }

    /// The number of turns that a waiting thread spins, about 40 µs.
    private static let spinCount = 1500

    private let start: UnsafeMutablePointer<sem_t>
    private let done: UnsafeMutablePointer<sem_t>
    private let state = Atomic<Int>(State.closed)
    private let next = Atomic<Int>(0)
    /// The number of helpers that sleep on `start` and for which nobody has posted yet.
    private let sleepers = Atomic<Int>(0)
    private let isEnding = Atomic<Bool>(false)
    private let isBusy = Atomic<Bool>(false)
    private var work: BorrowedClosure?
    private var count = 0

    init() {
        start = .allocate(capacity: 1)
        done = .allocate(capacity: 1)
        sem_init(start, 0, 0)
        sem_init(done, 0, 0)
    }

    deinit {
        sem_destroy(start)
        sem_destroy(done)
        start.deallocate()
        done.deallocate()
    }

    // MARK: The caller

    /// - Parameter helperCount: the most helpers that may enter.
    func run(_ work: BorrowedClosure, count: Int, helperCount: Int) {
        if isBusy.exchange(true, ordering: .acquiring) {
            // Two concurrent calls would mix up their tasks.
            fatalError("a team works on one call at a time")  // reason: unchecked builds skip preconditions
        }
        self.work = work
        self.count = count
        next.store(0, ordering: .relaxed)
        state.store(State.open(helperCount: helperCount), ordering: .sequentiallyConsistent)
        wake(helperCount)
        takeTasks(worker: 0)
        close()
        isBusy.store(false, ordering: .releasing)
    }

    /// Admits no more helpers and waits for those inside.
    private func close() {
        var seen = state.bitwiseOr(State.closed, ordering: .acquiringAndReleasing).newValue
        for _ in 0..<Self.spinCount where State.inside(seen) > 0 {
            promptir_relax()
            seen = state.load(ordering: .acquiring)
        }
        if State.inside(seen) > 0 {
            seen = state.bitwiseOr(State.callerSleeps, ordering: .acquiringAndReleasing).oldValue
            if State.inside(seen) > 0 { Self.wait(done) }
        }
        work = nil
    }

    func isAtRest(helperCount: Int) -> Bool {
        sleepers.load(ordering: .sequentiallyConsistent) >= helperCount
    }

    /// Wakes at most `limit` sleeping helpers.
    private func wake(_ limit: Int) {
        var seen = sleepers.load(ordering: .sequentiallyConsistent)
        while seen > 0 {
            let count = min(seen, limit)
            let (isDone, now) = sleepers.weakCompareExchange(
                expected: seen, desired: seen - count, ordering: .sequentiallyConsistent)
            if isDone {
                for _ in 0..<count { sem_post(start) }
                return
            }
            seen = now
        }
    }

    func end() {
        isEnding.store(true, ordering: .sequentiallyConsistent)
        wake(.max)
    }

    // MARK: All

    func takeTasks(worker: Int) {
        guard let work else { return }
        // Products leave the matrix unit prepared for the next one.
        defer { matrix_unit_end() }
        while true {
            let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard task < count else { return }
            work(task, worker)
        }
    }

    // MARK: Helpers

    /// - Returns: the helper's number in this call, from 1; nil if it came too late.
    func enter() -> Int? {
        var seen = state.load(ordering: .relaxed)
        while State.hasRoom(seen) {
            let (isDone, now) = state.weakCompareExchange(
                expected: seen, desired: seen + State.entrance, ordering: .acquiring)
            if isDone { return State.entered(seen) + 1 }
            seen = now
        }
        return nil
    }

    func leave() {
        let left = state.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue
        if left & State.callerSleeps != 0, State.inside(left) == 0 { sem_post(done) }
    }

    /// Waits until there is something to enter. - Returns: false when the team ends.
    func waitForWork() -> Bool {
        for _ in 0..<Self.spinCount {
            if hasNews { return !isEnding.load(ordering: .acquiring) }
            promptir_relax()
        }
        sleepers.add(1, ordering: .sequentiallyConsistent)
        // A call that opened before this helper counted as asleep does not post for it.
        if !hasNews || !takesItselfBack() { Self.wait(start) }
        return !isEnding.load(ordering: .acquiring)
    }

    private var hasNews: Bool {
        State.hasRoom(state.load(ordering: .sequentiallyConsistent))
            || isEnding.load(ordering: .sequentiallyConsistent)
    }

    /// Returns whether this helper, or another in its place, could stop counting as asleep before a post for it.
    private func takesItselfBack() -> Bool {
        var seen = sleepers.load(ordering: .sequentiallyConsistent)
        while seen > 0 {
            let (isDone, now) = sleepers.weakCompareExchange(
                expected: seen, desired: seen - 1, ordering: .sequentiallyConsistent)
            if isDone { return true }
            seen = now
        }
        return false
    }

    private static func wait(_ semaphore: UnsafeMutablePointer<sem_t>) {
        while sem_wait(semaphore) != 0 && errno == EINTR {}
    }
}
