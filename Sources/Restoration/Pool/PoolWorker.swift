import Dispatch
import PromptIR
import Synchronization

/// A worker of a pool: a serial dispatch queue with its own session, which is reused for successive images.
package final class PoolWorker: Sendable {
    /// The worker's number, in `0..<workerCount`.
    package let index: Int

    let queue: DispatchQueue
    private let session = Mutex<ForwardSession?>(nil)
    private let beats = Atomic<UInt64>(0)
    private let cores = Atomic<Int>(1)
    private let workerCount: Int
    private let onProgress: (@Sendable (Int) -> Void)?

    /// The divisor of all memory that gives the share which sessions of idle workers may keep: an eighth.
    private static let keptShare = 8

    init(index: Int, workerCount: Int, onProgress: (@Sendable (Int) -> Void)?) {
        self.index = index
        self.workerCount = workerCount
        self.onProgress = onProgress
        queue = DispatchQueue(label: "promptir.worker-\(index)")
    }

    /// The number of cores that the current image may use.
    package var coreCount: Int { cores.load(ordering: .relaxed) }

    /// The heartbeat counter, which grows with every sign of progress.
    var beatCount: UInt64 { beats.load(ordering: .relaxed) }

    func setCoreCount(_ count: Int) {
        cores.store(count, ordering: .relaxed)
    }

    /// Counts a heartbeat. Jobs call it during their own long steps; `restore` does so by itself.
    package func beat() {
        beats.wrappingAdd(1, ordering: .relaxed)
        onProgress?(index)
    }

    /// Restores one picture with this worker's session and cores. Only a job of this worker may call it.
    ///
    /// - Parameters:
    ///   - onShare: called with the share of the work that is done, see `Restorer.restore`.
    ///   - deliver: called once, with the result, while its memory is still reserved.
    package func restore<Output: Sendable>(
        _ source: PictureSource, with restorer: Restorer, onShare: (@Sendable (Double) -> Void)? = nil,
        deliver: @Sendable (RestoredPicture) -> Output
    ) throws(RestorationError) -> Output {
        let coreCount = coreCount
        let outcome: Result<Output, RestorationError> = session.withLock { kept in
            let session: ForwardSession
            if let kept, kept.network === restorer.network {
                session = kept
            } else {
                session = ForwardSession(network: restorer.network, threadCount: coreCount)
            }
            session.threadCount = coreCount
            // The session is kept for the next image only after a success, and only if it holds little
            // memory.
            kept = nil
            do throws(RestorationError) {
                let (output, byteCount) = try restorer.restore(
                    source, session: session, onProgress: { self.beat() }, onShare: onShare,
                    deliver: { (deliver($0), $0.reservedByteCount) })
                if byteCount <= restorer.budget.byteCount / (Self.keptShare * workerCount) {
                    kept = session
                }
                return .success(output)
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// Whether a session is kept. It waits for the current job.
    var holdsSession: Bool { session.withLock { $0 != nil } }

    /// Releases the session and its memory. It must be called on the worker's queue.
    func release() {
        session.withLock { $0 = nil }
    }
}
