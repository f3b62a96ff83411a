import Dispatch

/// Reacts to inotify and to the clock.
extension SpoolRunner {
    func listen(_ engine: SpoolEngine) -> (any DispatchSourceRead)? {
        guard let descriptor = engine.watchDescriptor else { return nil }
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor.rawValue, queue: queue)
        source.setEventHandler { [weak self] in
            self?.turn { $0.hear() }
        }
        // Keeps the descriptor open until the source has been cancelled.
        source.setCancelHandler { withExtendedLifetime(descriptor) {} }
        source.activate()
        return source
    }

    /// Makes the only timer, which each turn sets to the next time at which something is due.
    func makeTimer() -> any DispatchSourceTimer {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler { [weak self] in
            // The timer has fired, so even the same time must be set again.
            self?.state.withLock { $0.wakeAt = nil }
            self?.turn { $0.wake() }
        }
        timer.activate()
        return timer
    }
}
