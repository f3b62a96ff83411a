import Dispatch

/// Reacts to inotify and to the clock.
extension SpoolRunner {
    func listen(_ engine: SpoolEngine) -> (any DispatchSourceRead)? {
        guard let descriptor = engine.watchDescriptor else { return nil }
        let source = DispatchSource.makeReadSource(
            fileDescriptor: descriptor.rawValue, queue: watchQueue)
        source.setEventHandler { [weak self] in self?.hear() }
        // Keeps the descriptor open until the source has been cancelled.
        source.setCancelHandler { withExtendedLifetime(descriptor) {} }
        source.activate()
        return source
    }

    private func hear() {
        guard let scout = state.withLock(\.scout) else { return }
        let heard = scout.hear { self.hand($0, inScan: false) }
        guard heard != InboxWatcher.Heard() else { return }
        queue.async { [weak self] in self?.turn { $0.note(heard) } }
    }

    /// Has the inbox read on its queue; the findings go to the spool's.
    func scan(_ order: ScanOrder) {
        watchQueue.async { [weak self] in
            guard let self, let scout = state.withLock(\.scout) else { return }
            let result = scout.scan(on: order.mount) { self.hand($0, inScan: true) }
            queue.async { [weak self] in self?.turn { $0.endScan(result) } }
        }
    }

    /// Waits until they are taken: what is found faster than it can be taken must not gather in memory.
    private func hand(_ findings: [InboxWatcher.Finding], inScan isScan: Bool) {
        queue.sync { turn { $0.take(findings, inScan: isScan) } }
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
