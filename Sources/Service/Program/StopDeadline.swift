import Dispatch
import Files
import Synchronization

/// Ends a process whose stop does not finish. A system call that never returns, as on a lost network disk,
/// blocks the spool's queue, which then cannot notice that the time is over. The next start recovers pictures
/// being processed, as after a power cut.
package final class StopDeadline: Sendable {
    /// The time that a stop may take after the drain, for returning pictures and finishing a bundle. It is
    /// less than the extra time that is requested from the service manager.
    package static let grace = Duration.seconds(10)

    private let isArmed = Atomic<Bool>(false)
    private let end: @Sendable () -> Void

    /// - Parameter end: ends the process; called on a private queue.
    package init(end: @escaping @Sendable () -> Void) {
        self.end = end
    }

    /// Starts the deadline. Further calls have no effect.
    package func arm(drain: Duration, grace: Duration = StopDeadline.grace) {
        guard !isArmed.exchange(true, ordering: .relaxed) else { return }
        let queue = DispatchQueue(label: "promptir.deadline", qos: .userInteractive)
        queue.asyncAfter(deadline: .now() + (drain + grace).dispatchInterval, execute: end)
    }
}
