import Dispatch
import Files
import Synchronization

/// Ends a process whose stop does not come to its end: a call that the kernel does not return from (a network disk
/// that is gone) holds the spool's queue, and nothing in it would ever notice that the time is over. What is in hand
/// is taken up by the next start, as after a power cut.
package final class StopDeadline: Sendable {
    /// What a stop takes beyond the time for pictures in hand: returning them, and a bundle in work. Below the extra
    /// time that the manager is asked for.
    package static let grace = Duration.seconds(10)

    private let isArmed = Atomic<Bool>(false)
    private let end: @Sendable () -> Void

    /// - Parameter end: ends the process; called on a queue of its own.
    package init(end: @escaping @Sendable () -> Void) {
        self.end = end
    }

    /// Lets the time run; again is no more than once.
    package func arm(drain: Duration, grace: Duration = StopDeadline.grace) {
        guard !isArmed.exchange(true, ordering: .relaxed) else { return }
        let queue = DispatchQueue(label: "promptir.deadline", qos: .userInteractive)
        queue.asyncAfter(deadline: .now() + (drain + grace).dispatchInterval, execute: end)
    }
}
