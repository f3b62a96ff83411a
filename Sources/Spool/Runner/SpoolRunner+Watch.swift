import Dispatch

/// Listening to inotify and to the clock.
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
}
