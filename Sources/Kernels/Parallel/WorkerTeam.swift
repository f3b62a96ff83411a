import Glibc
import Synchronization

/// Work in tasks that may run side by side.
package protocol ParallelWork: AnyObject, Sendable {
    /// `worker` is below the team's number of threads and never used by two tasks at once, so it can select scratch
    /// memory.
    func run(task: Int, worker: Int)
}

/// Threads that wait for the work of one session, so that handing it out takes no memory: `concurrentPerform` takes
/// some at every call, and a closure's context besides.
package final class WorkerTeam: Sendable {
    package let threadCount: Int
    private let board = Board()
    private let helpers: [pthread_t]

    /// - Parameter threadCount: threads that work, the caller's included. Where the system gives fewer, fewer work.
    package init(threadCount: Int) {
        self.threadCount = max(1, threadCount)
        var helpers: [pthread_t] = []
        // Signals are for the program's own threads.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        for worker in 1..<self.threadCount {
            var thread = pthread_t()
            let helper = Unmanaged.passRetained(Helper(board: board, worker: worker))
            let status = pthread_create(&thread, nil, { Helper.main($0) }, helper.toOpaque())
            guard status == 0 else {
                helper.release()
                break
            }
            helpers.append(thread)
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        self.helpers = helpers
    }

    deinit {
        board.end(helperCount: helpers.count)
        for helper in helpers { pthread_join(helper, nil) }
    }

    /// Calls `work.run(task:worker:)` once for each task in `0..<count` and waits for all. Tasks are taken in order.
    /// One call at a time.
    package func run(count: Int, _ work: some ParallelWork) {
        guard !helpers.isEmpty, count > 1 else {
            for task in 0..<count { work.run(task: task, worker: 0) }
            return
        }
        board.open(work, count: count, helperCount: min(helpers.count, count - 1))
        board.takeTasks(worker: 0)
        board.close()
    }
}

/// One helper thread's start.
private final class Helper: Sendable {
    let board: Board
    let worker: Int

    init(board: Board, worker: Int) {
        self.board = board
        self.worker = worker
    }

    static func main(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        let helper = Unmanaged<Helper>.fromOpaque(context).takeRetainedValue()
        while helper.board.waitForWork() {
            guard helper.board.enter() else { continue }
            helper.board.takeTasks(worker: helper.worker)
            helper.board.leave()
        }
        return nil
    }
}

/// What the threads of a team share.
///
/// A helper that wakes late finds the board closed, or works on the next call's tasks: nobody waits for it.
private final class Board: @unchecked Sendable {
    // Unchecked: `work` and `count` change only while the board is closed and no helper is inside, which `state`
    // orders.

    private static let closed = 1 << 32
    private let start: UnsafeMutablePointer<sem_t>
    private let done: UnsafeMutablePointer<sem_t>
    /// How many helpers are inside; and `closed`.
    private let state = Atomic<Int>(Board.closed)
    private let next = Atomic<Int>(0)
    private let isEnding = Atomic<Bool>(false)
    private var work: (any ParallelWork)?
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

    func open(_ work: some ParallelWork, count: Int, helperCount: Int) {
        self.work = work
        self.count = count
        next.store(0, ordering: .relaxed)
        state.store(0, ordering: .releasing)
        for _ in 0..<helperCount { sem_post(start) }
    }

    func takeTasks(worker: Int) {
        guard let work else { return }
        while true {
            let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard task < count else { return }
            work.run(task: task, worker: worker)
        }
    }

    /// Lets no more helpers in and waits for those inside.
    func close() {
        let inside = state.bitwiseOr(Self.closed, ordering: .acquiringAndReleasing).oldValue
        if inside > 0 { Self.wait(done) }
        work = nil
    }

    func enter() -> Bool {
        var seen = state.load(ordering: .relaxed)
        while seen & Self.closed == 0 {
            let (exchanged, original) = state.weakCompareExchange(
                expected: seen, desired: seen + 1, ordering: .acquiring)
            if exchanged { return true }
            seen = original
        }
        return false
    }

    func leave() {
        if state.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue == Self.closed {
            sem_post(done)
        }
    }

    /// False when the team ends.
    func waitForWork() -> Bool {
        Self.wait(start)
        return !isEnding.load(ordering: .acquiring)
    }

    func end(helperCount: Int) {
        isEnding.store(true, ordering: .releasing)
        for _ in 0..<helperCount { sem_post(start) }
    }

    private static func wait(_ semaphore: UnsafeMutablePointer<sem_t>) {
        while sem_wait(semaphore) != 0 && errno == EINTR {}
    }
}
