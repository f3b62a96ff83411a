import Dispatch
import Files

/// Keeps `status.json` at most one second out of date.
extension SpoolRunner {
    private static let statusInterval = Duration.seconds(1)

    func writeStatus(isLast: Bool = false) {
        let wait: Duration? = state.withLock { state in
            guard let engine = state.engine, !state.isStatusQueued || isLast else { return nil }
            let now = engine.clock().monotonic
            let due = state.statusWrittenAt.map { $0 + Self.statusInterval } ?? now
            if due <= now || isLast {
                state.statusWrittenAt = now
                engine.writeStatus()
                return nil
            }
            state.isStatusQueued = true
            return due - now
        }
        guard let wait else { return }
        queue.asyncAfter(deadline: .now() + wait.dispatchInterval) { [weak self] in
            self?.state.withLock { $0.isStatusQueued = false }
            self?.writeStatus(isLast: true)
        }
    }
}
