import Dispatch
import PromptIR
import Synchronization

/// One worker of a pool: a serial dispatch queue with a session of its own, which is used again from image to
/// image.
package final class PoolWorker: Sendable {
    /// 0..<workerCount.
    package let index: Int

    let queue: DispatchQueue
    private let session = Mutex<ForwardSession?>(nil)
    private let beats = Atomic<UInt64>(0)
    private let cores = Atomic<Int>(1)
    private let workerCount: Int
    private let onProgress: (@Sendable (Int) -> Void)?

    /// Of all memory, the share that sessions without work may hold on to: an eighth.
    private static let keptShare = 8

    init(index: Int, workerCount: Int, onProgress: (@Sendable (Int) -> Void)?) {
        self.index = index
        self.workerCount = workerCount
        self.onProgress = onProgress
        queue = DispatchQueue(label: "promptir.worker-\(index)")
    }

    /// Cores that the image in work may use.
    package var coreCount: Int { cores.load(ordering: .relaxed) }

    /// Grows with every sign of progress.
    var beatCount: UInt64 { beats.load(ordering: .relaxed) }

    func setCoreCount(_ count: Int) {
        cores.store(count, ordering: .relaxed)
    }

    /// A sign of progress. Jobs call it in their own long steps; `restore` does so by itself.
    package func beat() {
        beats.wrappingAdd(1, ordering: .relaxed)
        onProgress?(index)
    }

    /// Restores one picture with this worker's session and cores. Only from within a job of this worker.
    package func restore(_ bytes: [UInt8], with restorer: Restorer) throws(RestorationError)
        -> RestoredPicture
    {
        let coreCount = coreCount
        let outcome: Result<RestoredPicture, RestorationError> = session.withLock { kept in
            let session: ForwardSession
            if let kept, kept.network === restorer.network {
                session = kept
            } else {
                session = ForwardSession(network: restorer.network, threadCount: coreCount)
            }
            session.threadCount = coreCount
            // Kept for the next image only after a success, and only where it holds on to little memory.
            kept = nil
            do throws(RestorationError) {
                let restored = try restorer.restore(bytes, session: session) { self.beat() }
                if restored.reservedByteCount <= restorer.budget.byteCount / (Self.keptShare * workerCount) {
                    kept = session
                }
                return .success(restored)
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    /// Waits for the job in work.
    var holdsSession: Bool { session.withLock { $0 != nil } }

    /// Lets go of the session and its memory. On the worker's queue.
    func release() {
        session.withLock { $0 = nil }
    }
}
