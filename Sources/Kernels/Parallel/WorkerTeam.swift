import CMatrixUnit
import CThreads
import Glibc
import Synchronization

/// Threads that wait for one owner's work, so that distributing it allocates nothing. `concurrentPerform` allocates
/// at every call.
package final class WorkerTeam: Sendable {
    package let threadCount: Int
    private let board = Board()
    private let helpers: [pthread_t]

    /// - Parameter threadCount: the number of working threads, including the caller's. If the system provides fewer,
    ///   fewer work.
    package init(threadCount: Int) {
        self.threadCount = max(1, threadCount)
        var helpers: [pthread_t] = []
        // Signals are handled by the program's other threads.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        for _ in 1..<self.threadCount {
            var thread = pthread_t()
            let helper = Unmanaged.passRetained(Helper(board: board))
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
        board.end()
        for helper in helpers { pthread_join(helper, nil) }
    }

    /// Calls `body(task, worker)` once for each task in `0..<count`, on at most `limit` threads, and waits for all.
    /// Tasks are taken in order. `worker` is below `threadCount` and never used by two tasks at once, so it can
    /// select scratch memory. One call at a time; tasks may use other teams.
    package func run(count: Int, limit: Int = .max, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void) {
        let helperCount = min(helpers.count, count - 1, limit - 1)
        guard helperCount > 0 else {
            for task in 0..<count { body(task, 0) }
            matrix_unit_end()
            return
        }
        var call = Call(board: Unmanaged.passUnretained(board), count: count, helperCount: helperCount)
        takeApart(body, &call) { function, context, call in
            let call = call.assumingMemoryBound(to: Call.self).pointee
            call.board._withUnsafeGuaranteedRef {
                $0.run(
                    BorrowedClosure(function: function, context: context), count: call.count,
                    helperCount: call.helperCount)
            }
        }
    }

    /// Waits until all helpers sleep. Only then does the process's CPU clock include their work.
    package func rest() {
        while !board.isAtRest(helperCount: helpers.count) { sched_yield() }
    }

    /// The arguments that `run` passes to the board.
    private struct Call {
        let board: Unmanaged<Board>
        let count: Int
        let helperCount: Int
    }
}

/// Passes a closure's two words to `then`; they are valid while it runs. This is in C (`closures.c`), which can
/// express Swift's calling convention.
@_silgen_name("promptir_take_apart")
private func takeApart(
    _ body: @Sendable (Int, Int) -> Void, _ argument: UnsafeMutableRawPointer,
    _ then: @convention(c) (UnsafeRawPointer, UnsafeRawPointer?, UnsafeMutableRawPointer) -> Void
)

/// The entry point of a helper thread.
private final class Helper: Sendable {
    let board: Board

    init(board: Board) {
        self.board = board
    }

    static func main(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        let board = Unmanaged<Helper>.fromOpaque(context).takeRetainedValue().board
        while board.waitForWork() {
            guard let worker = board.enter() else { continue }
            board.takeTasks(worker: worker)
            board.leave()
        }
        return nil
    }
}
