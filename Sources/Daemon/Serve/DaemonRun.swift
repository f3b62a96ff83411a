import Dispatch
import Files
import Logging
import Service
import ServiceLifecycle
import Spool
import Synchronization

/// The daemon: watches the inbox until it is told to stop.
///
/// Readiness is told after the model is loaded and tried and the inbox was scanned once; the watchdog's pings come
/// from the spool's queue, the pool and every busy worker.
package final class DaemonRun: Sendable {
    /// How long a stop waits for a bundle in work.
    private static let bundlePatience = Duration.seconds(5)

    let notifier: any ServiceNotifying
    let logger: Logger
    let level: LogLevelSwitch
    let configurationPath: Path?
    let overrides: ConfigurationOverrides
    let configuration: Mutex<ServiceConfiguration>
    let assembly: Assembly
    /// Reloads, one after another.
    let reloads = DispatchQueue(label: "promptir.reload", qos: .utility)
    let readiness = Mutex(Readiness())
    let isStopRequested = Atomic<Bool>(false)
    private let stopRequest = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// Loads the model and tries it.
    ///
    /// - Parameters:
    ///   - configuration: what `configurationPath` and `overrides` gave; both are read anew at a reload.
    ///   - level: of the logger, turned by a reload.
    ///   - files: for tests that inject faults.
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

    /// Ends the run: pictures in hand are finished, the others returned. Any thread may call it, more than once.
    package func requestStop() {
        isStopRequested.store(true, ordering: .releasing)
        stopRequest.continuation.yield()
    }

    /// Works until a stop is requested.
    ///
    /// - Throws: `ProgramFailure` where the spool cannot be opened.
    package func run() async throws {
        notifier.send(.status("reading the inbox"))
        guard try await open() else {
            logger.event(.serviceStopped, level: .notice, "stopped before the spool was open")
            return
        }
        if assembly.tally.hasNoWork { assembly.bundler.request() }
        let watchdog = startWatchdog()
        notifier.send(.ready, .status(assembly.tally.statusLine))
        becomeReady()
        logger.event(
            .serviceReady, level: .notice, "ready",
            [
                "model": .stringConvertible(assembly.workshop.current.model.path),
                "workers": "\(assembly.workshop.pool.policy.workerCount)",
            ])

        // Services are shut down last to first: the ticker tells the counts while the spool drains.
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: StatusTicker(assembly: assembly, notifier: notifier)),
                    .init(service: SpoolService(run: self)),
                ], logger: logger))
        let stopper = Task { [stream = stopRequest.stream] in
            for await _ in stream {
                await group.triggerGracefulShutdown()
            }
        }
        defer {
            stopper.cancel()
            watchdog?.cancel()
        }
        try await group.run()
        if !assembly.bundler.waitUntilIdle(atMost: Self.bundlePatience) {
            logger.event(
                .bundleFailed, level: .warning, "the bundle is left to the next start: it takes long")
        }
        logger.event(
            .serviceStopped, level: .notice, "stopped",
            ["done": "\(assembly.tally.doneCount)", "failed": "\(assembly.tally.failedCount)"])
    }

    /// The time that a stop gives pictures in hand.
    package var drainLimit: Duration { configuration.withLock(\.drain) }

    /// Drains the spool within the configured time.
    func drain() async {
        let deadline = drainLimit
        let tally = assembly.tally
        logger.event(
            .serviceStopping, level: .notice, "stopping",
            ["active": "\(tally.activeCount)", "queued": "\(tally.queuedCount)"])
        notifier.send(
            .stopping, .status("stopping; " + tally.statusLine), .extendTimeout(deadline + .seconds(15)))
        await assembly.stop(within: deadline)
    }

    private func startWatchdog() -> WatchdogTimer? {
        guard let interval = notifier.watchdogInterval else { return nil }
        let stall = configuration.withLock(\.stall)
        let (assembly, logger) = (assembly, logger)
        return WatchdogTimer(
            interval: interval, budgets: .init(loop: stall, pool: stall, worker: stall), notifier: notifier,
            probe: { assembly.workshop.pool.probe($0) },
            evidence: {
                // Without events the spool's queue turns seldom; the probe makes it.
                assembly.runner.probe {}
                return (assembly.runner.turns, assembly.workshop.heartbeats)
            },
            onComplaints: { complaints in
                let text = complaints.map(\.description).joined(separator: "; ")
                logger.event(
                    .serviceStalled, level: .critical, "no sign of life is sent to systemd",
                    ["reason": "\(text)"])
            })
    }
}

/// The spool as a service of the group: runs until the group shuts down, then drains.
private struct SpoolService: ServiceLifecycle.Service {
    let run: DaemonRun

    func run() async throws {
        try await gracefulShutdown()
        await run.drain()
    }
}
