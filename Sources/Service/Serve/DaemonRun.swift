import Dispatch
import Files
import Logging
import Spool
import Synchronization

/// The daemon, which watches the inbox until a stop is requested.
///
/// It reports READY after the model has passed its self-test and the inbox was scanned once. It sends
/// watchdog pings while the spool's queue, the pool and every busy worker make progress.
package final class DaemonRun: Sendable {
    let notifier: any ServiceNotifying
    let logger: Logger
    let level: LogLevelSwitch
    let configurationPath: Path?
    let overrides: ConfigurationOverrides
    let configuration: Mutex<ServiceConfiguration>
    let assembly: Assembly
    /// Performs reloads, one after another.
    let reloads = DispatchQueue(label: "promptir.reload", qos: .utility)
    let readiness = Mutex(Readiness())
    let isStopRequested = Atomic<Bool>(false)
    private let stopRequest = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// Loads the model and runs its self-test.
    ///
    /// - Parameters:
    ///   - configuration: the result of `configurationPath` and `overrides`, which a reload reads again.
    ///   - level: the logger's level, which a reload may change.
    ///   - files: replaced by tests that inject faults.
    /// - Throws: `ProgramFailure`.
    package init(
        _ configuration: ServiceConfiguration, configurationPath: Path?, overrides: ConfigurationOverrides,
        notifier: any ServiceNotifying, logger: Logger, level: LogLevelSwitch,
        files: FileSystem = FileSystem()
    ) throws(ProgramFailure) {
        self.configuration = Mutex(configuration)
        self.configurationPath = configurationPath
        self.overrides = overrides
        self.notifier = notifier
        self.logger = logger
        self.level = level
        notifier.send(.status("loading the model"))
        assembly = try Self.extendingStart(notifier) { () throws(ProgramFailure) in
            try Assembly(configuration, logger: logger, bundlesWhenIdle: true, files: files)
        }
    }

    /// Ends the run: pictures being processed are finished, others are returned. Any thread may call it,
    /// repeatedly.
    package func requestStop() {
        isStopRequested.store(true, ordering: .releasing)
        stopRequest.continuation.yield()
    }

    /// Runs until a stop is requested.
    ///
    /// - Throws: `ProgramFailure` if the spool cannot be opened.
    package func run() async throws {
        notifier.send(.status("reading the inbox"))
        guard try await open() else {
            logger.event(.serviceStopped, level: .notice, "stopped before the spool was open")
            return
        }
        if assembly.counts.hasNoWork {
            assembly.bundler.request()
            assembly.reporter.request()
        }
        let watchdog = startWatchdog()
        notifier.send(.ready, .status(assembly.statusLine))
        becomeReady()
        let ticker = Task { await tellCounts() }
        logger.event(
            .serviceReady, level: .notice, "ready",
            [
                "model": .stringConvertible(assembly.restorer.current.model.path),
                "precision": "\(assembly.restorer.current.model.network.precision)",
                "workers": "\(assembly.restorer.pool.policy.workerCount)",
            ])

        defer { watchdog?.cancel() }
        for await _ in stopRequest.stream.prefix(1) {}
        // The ticker continues during the drain, so that the service manager sees the counts.
        await drain()
        ticker.cancel()
        await ticker.value
        logger.event(
            .serviceStopped, level: .notice, "stopped",
            ["done": "\(assembly.counts.done)", "failed": "\(assembly.counts.failed)"])
    }

    /// How long a stop waits for pictures being processed.
    package var drainLimit: Duration { configuration.withLock(\.drain) }

    /// Drains the spool within the configured time.
    private func drain() async {
        let deadline = drainLimit
        let counts = assembly.counts
        logger.event(
            .serviceStopping, level: .notice, "stopping",
            ["active": "\(counts.active)", "queued": "\(counts.queued)"])
        notifier.send(
            .stopping, .status("stopping; " + assembly.statusLine), .extendTimeout(deadline + .seconds(15)))
        await assembly.stop(within: deadline)
    }

    /// Reports changed counts to the service manager, once a second, until the task is cancelled.
    private func tellCounts() async {
        var last = ""
        while !Task.isCancelled {
            let line = assembly.statusLine
            if line != last {
                notifier.send(.status(line))
                last = line
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func startWatchdog() -> WatchdogTimer? {
        guard let interval = notifier.watchdogInterval else { return nil }
        let stall = configuration.withLock(\.stall)
        let (assembly, logger) = (assembly, logger)
        return WatchdogTimer(
            interval: interval, budgets: .init(loop: stall, pool: stall, worker: stall), notifier: notifier,
            probe: { assembly.restorer.pool.probe($0) },
            evidence: {
                // Without events the spool's queues turn seldom; the probe makes them.
                assembly.runner.probe()
                return WatchdogJudge.Evidence(
                    loopTurnCount: assembly.runner.turns, lookCount: assembly.runner.looks,
                    workers: assembly.restorer.pool.activity)
            },
            onComplaints: { complaints in
                let text = complaints.map(\.description).joined(separator: "; ")
                logger.event(
                    .serviceStalled, level: .critical, "the watchdog is not notified",
                    ["reason": "\(text)"])
            })
    }
}
