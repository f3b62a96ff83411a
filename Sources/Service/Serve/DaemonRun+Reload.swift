import Files
import Logging
import Restoration
import Synchronization

extension DaemonRun {
    /// Whether the service is ready. A reload ends with READY, so one requested earlier waits for the first
    /// READY.
    struct Readiness {
        var isReady = false
        var isReloadWanted = false
    }

    /// Reads the configuration again soon, on a private queue.
    package func requestReload() {
        let isReady = readiness.withLock { readiness in
            if !readiness.isReady { readiness.isReloadWanted = true }
            return readiness.isReady
        }
        if isReady { reloads.async { self.reload() } }
    }

    /// Notes that the service manager was told READY.
    func becomeReady() {
        let isReloadWanted = readiness.withLock { readiness in
            readiness.isReady = true
            return readiness.isReloadWanted
        }
        if isReloadWanted { reloads.async { self.reload() } }
    }

    /// Reads and checks the whole new configuration before applying it; if it is wrong, the old one stays in
    /// effect. Pictures being processed keep the old one in either case. The reload always ends with READY,
    /// because the service manager waits for it.
    func reload() {
        notifier.send(
            .reloading(monotonicMicroseconds: SystemdNotifier.monotonicMicroseconds), .status("reloading"))
        defer { notifier.send(.ready, .status(assembly.statusLine)) }
        let old = configuration.withLock { $0 }
        do {
            let wanted = try LayeredConfiguration(path: configurationPath, overrides: overrides).configuration
            let (new, waiting) = old.reloaded(as: wanted)
            assembly.restorer.current = try Engine(
                new, budget: assembly.budget, previous: assembly.restorer.current)
            assembly.runner.noteModelChange()
            assembly.restorer.current.logNotes(to: logger)
            assembly.noteModel()
            assembly.bundler.use(new)
            assembly.reporter.use(new)
            level.current = new.logLevel
            configuration.withLock { $0 = new }
            assembly.noteReload(refusedAt: nil)
            if !waiting.isEmpty {
                logger.event(
                    .serviceReloaded, level: .warning,
                    "reloaded; some keys take effect only after a restart",
                    ["keys": "\(waiting.joined(separator: ", "))"])
            } else {
                logger.event(
                    .serviceReloaded, level: .notice, "reloaded", ["precision": "\(new.precision.rawValue)"])
            }
        } catch {
            assembly.noteReload(refusedAt: Timestamp.now())
            logger.event(
                .serviceReloadRefused, level: .error,
                "the new configuration is refused; the old one stays in force",
                ["reason": "\(ProgramFailure(error))"])
        }
    }
}

extension ServiceConfiguration {
    /// Returns this configuration after a reload: the wanted one, except for the keys that need a restart.
    /// `waiting` has the names of those keys that differ.
    package func reloaded(as wanted: ServiceConfiguration) -> (
        configuration: ServiceConfiguration, waiting: [String]
    ) {
        var result = wanted
        var waiting: [String] = []
        for setting in Setting.all where setting.needsRestart {
            if setting.render(self) != setting.render(wanted) { waiting.append(setting.key) }
            setting.copy(self, &result)
        }
        return (result, waiting)
    }
}
