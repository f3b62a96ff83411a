import CLinux
import Files
import Glibc
import Logging
import Restoration
import Synchronization
import Terminals

/// The program behind the command line: it reads the configuration, chooses the log, and performs the action.
package struct Program: Sendable {
    /// What the program does.
    package enum Action: Sendable, Equatable {
        case serve
        case once
        case checkConfiguration
        case status(asJSON: Bool)
    }

    /// The version that `--version` prints.
    package static var version: String { Version.current }

    /// Makes all threads allocate from one heap. It must be called on the main thread before another thread
    /// exists.
    ///
    /// Dispatch runs scans on changing threads, and glibc gives each thread a heap that keeps freed memory. A
    /// hundred thousand names took 0.1 to 0.4 GB, depending on the number of threads; in one heap they take
    /// 30 MB.
    package static func shareOneHeap() {
        _ = linux_share_one_heap()
    }

    /// Ends the process where /proc is not mounted: the arguments would look empty.
    package static func requireProc() {
        guard let problem = ProcMount.problem else { return }
        StandardError.write("promptir-restored: \(problem)\n")
        exit(ExitCode.configuration.rawValue)
    }

    /// The file of the installed service.
    package static let installedConfigurationPath: Path = "/etc/promptir-restored.toml"

    /// The file that --status and --check-config read if neither a file nor an inbox is given.
    private static func installedConfiguration(for action: Action) -> Path? {
        switch action {
        case .serve, .once: return nil
        case .checkConfiguration, .status:
            let status = (try? WholeFiles.status(installedConfigurationPath)) ?? nil
            return status == nil ? nil : installedConfigurationPath
        }
    }

    private let action: Action
    private let configurationPath: Path?
    private let overrides: ConfigurationOverrides

    /// - Parameter settings: the values of flags, by key; nil leaves a key to the file.
    package init(_ action: Action, configurationPath: Path?, settings: [(key: String, argument: String?)]) {
        self.action = action
        let hasInbox = settings.contains { $0.key == "inbox" && $0.argument != nil }
        self.configurationPath =
            configurationPath ?? (hasInbox ? nil : Self.installedConfiguration(for: action))
        var overrides = ConfigurationOverrides()
        for (key, argument) in settings { overrides.set(key, to: argument) }
        self.overrides = overrides
    }

    /// Performs the action to its end.
    package func run() async -> ExitCode {
        let notifier = SystemdNotifier()
        do {
            let layered = try LayeredConfiguration(path: configurationPath, overrides: overrides)
            let configuration = layered.configuration
            switch action {
            case .checkConfiguration:
                print(layered.text, terminator: "")
                let isInstalled = configurationPath == Self.installedConfigurationPath
                for note in ConfiguredFolders(configuration).notes(isInstalled: isInstalled) {
                    StandardError.write("promptir-restored: note: \(note)\n")
                }
                return .done
            case .status(let asJSON):
                print(try StatusReport(configuration).text(asJSON: asJSON), terminator: "")
                return .done
            case .once: return try await runOnce(layered)
            case .serve: return await serve(configuration, notifier)
            }
        } catch {
            let failure = ProgramFailure(error)
            // The log does not exist yet, or is meant for pictures, so the message goes to standard error.
            StandardError.write("promptir-restored: \(failure)\n")
            return Self.end(failure, notifier)
        }
    }

    /// Tells the service manager why the program ends.
    private static func end(_ failure: ProgramFailure, _ notifier: SystemdNotifier) -> ExitCode {
        if let number = failure.errno { notifier.send(.failure(errno: number)) }
        notifier.send(.status("failed: \(failure)"))
        return failure.exitCode
    }

    private func serve(_ configuration: ServiceConfiguration, _ notifier: SystemdNotifier) async -> ExitCode {
        let level = LogLevelSwitch(configuration.logLevel)
        let logger = Self.output(configuration).logger(label: "promptir-restored", level: level)
        // The listener comes first, so that a signal during the loading of the model is not lost.
        let signals = AsyncStream<ServiceSignal>.makeStream()
        let current = CurrentRun()
        // The deadline is never disarmed: it applies until the process is gone, whatever delays its end.
        let deadline = StopDeadline {
            logger.event(
                .serviceFailed, level: .critical,
                "the stop takes too long: exiting now; the next start recovers the pictures being processed")
            _exit(ExitCode.fault.rawValue)
        }
        let listener = SignalListener { signal in
            if signal == .stop { deadline.arm(drain: current.drainLimit ?? configuration.drain) }
            signals.continuation.yield(signal)
        }
        defer { listener.cancel() }
        logger.event(
            .serviceStarted, level: .notice, "starting",
            [
                "version": "\(Self.version)", "inbox": .stringConvertible(configuration.inbox),
                "outbox": .stringConvertible(configuration.outbox),
            ])
        do {
            let run = try DaemonRun(
                configuration, configurationPath: configurationPath, overrides: overrides, notifier: notifier,
                logger: logger, level: level)
            current.set(run)
            let forwarder = Task {
                for await signal in signals.stream {
                    switch signal {
                    case .stop: run.requestStop()
                    case .reload: run.requestReload()
                    }
                }
            }
            defer { forwarder.cancel() }
            try await run.run()
            return .done
        } catch {
            let failure = ProgramFailure(error)
            logger.event(.serviceFailed, level: .critical, "\(failure)")
            return Self.end(failure, notifier)
        }
    }

    private func runOnce(_ layered: LayeredConfiguration) async throws -> ExitCode {
        let configuration = layered.configuration
        let output = Self.output(configuration)
        // cron mails every line, so by default only the summary and problems are printed.
        let isQuiet = layered.layers["log-level"] == nil && output != .journal
        let level = LogLevelSwitch(isQuiet ? .warning : configuration.logLevel)
        let terminal = Terminal.isPresent ? Terminal() : nil
        let logger = output.logger(label: "promptir-restored", level: level) { line in
            if let terminal { terminal.write(line) } else { StandardError.write(line) }
        }
        let run = try OnceRun(configuration, logger: logger)
        let deadline = StopDeadline { _exit(ExitCode.tryAgain.rawValue) }
        let listener = SignalListener { signal in
            if signal == .stop { deadline.arm(drain: configuration.drain) }
            // A reload is ignored, because the run ends by itself.
            if signal == .stop { run.interrupt() }
        }
        defer { listener.cancel() }
        let drawing = terminal.map { terminal in
            Task { await run.draw(on: terminal) }
        }
        let report: OnceRun.Report
        do {
            report = try await run.run()
            await drawing?.finish()
        } catch {
            await drawing?.finish()
            terminal?.show("")
            throw error
        }
        terminal?.show("")
        if let problem = report.bundleProblem {
            StandardError.write("promptir-restored: the bundle was not written: \(problem.description)\n")
        }
        print(report.summary)
        return report.exitCode
    }

    private static func output(_ configuration: ServiceConfiguration) -> LogOutput {
        .choose(
            format: configuration.logFormat,
            journalStream: getenv("JOURNAL_STREAM").map { String(cString: $0) })
    }
}

/// The current run, for signal handlers that were installed before it existed.
private final class CurrentRun: Sendable {
    private let run = Mutex<DaemonRun?>(nil)

    var drainLimit: Duration? { run.withLock { $0?.drainLimit } }

    func set(_ new: DaemonRun) {
        run.withLock { $0 = new }
    }
}

extension Task where Success == Void, Failure == Never {
    /// Cancels the task and waits for its end.
    fileprivate func finish() async {
        cancel()
        await value
    }
}
