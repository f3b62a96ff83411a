import Dispatch
import Synchronization

/// Listening to inotify and to the clock, and letting go.
extension SpoolRunner {
    func listen(_ engine: SpoolEngine) -> (any DispatchSourceRead)? {
        guard let descriptor = engine.watchDescriptor else { return nil }
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor.rawValue, queue: queue)
        source.setEventHandler { [weak self] in
            self?.turn { $0.hear() }
        }
        // Held until the source has let go of it.
        source.setCancelHandler { withExtendedLifetime(descriptor) {} }
        source.activate()
        return source
    }

    /// The one timer, set anew after each turn to when time has something to say.
    func makeTimer() -> any DispatchSourceTimer {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler { [weak self] in
            // Used up: the same time again must be set again.
            self?.state.withLock { $0.wakeAt = nil }
            self?.turn { $0.wake() }
        }
        timer.activate()
        return timer
    }

    /// The end of everything: lets go of the lock, and says so.
    func end() {
        let completions = state.withLock { state in
            state.source?.cancel()
            state.source = nil
            state.timer?.cancel()
            state.timer = nil
            state.engine?.disk.release()
            state.engine = nil
            isStopped.store(true, ordering: .releasing)
            defer { state.stopCompletions = [] }
            return state.stopCompletions
        }
        for completion in completions { completion() }
    }
}
