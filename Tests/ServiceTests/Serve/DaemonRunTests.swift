import Files
import Foundation
import Logging
import Service
import TestSupport
import Testing

struct DaemonRunTests {
    /// Starts a daemon, has `body` use it once it is ready, and stops it.
    private func serve(
        _ place: Workplace, file: String? = nil, notifier: RecordingNotifier, log: RecordedLog,
        _ body: (DaemonRun) async throws -> Void
    ) async throws {
        var overrides = ConfigurationOverrides()
        if file == nil {
            overrides.set("inbox", to: place.configuration.inbox.description)
            overrides.set("outbox", to: place.configuration.outbox.description)
        }
        let run = try DaemonRun(
            place.configuration, configurationPath: file.map { Path($0) }, overrides: overrides,
            notifier: notifier,
            logger: log.logger, level: log.level)
        let running = Task { try await run.run() }
        try await wait { notifier.sent.contains(.ready) }
        try await body(run)
        run.requestStop()
        try await running.value
    }

    @Test func aPictureGoesThroughAndTheManagerIsTold() async throws {
        let place = try Workplace()
        let notifier = RecordingNotifier()
        let log = RecordedLog()
        try place.deliver("early.png")
        try await serve(place, notifier: notifier, log: log) { _ in
            try await wait { place.exists("out/early.png") }
            try place.deliver("late.png")
            try await wait { place.exists("out/late.png") && place.exists("out/submission.zip") }
            try await wait { notifier.statuses.contains { $0.contains("2 done") } }
        }
        #expect(notifier.steps == [.ready, .stopping])
        #expect(notifier.statuses.first == "loading the model")
        #expect(place.names("in").isEmpty)
        #expect(place.names("in.spool/claimed").isEmpty || place.names("in.spool/claimed") == ["1"])
        for text in ["ready", "restored", "stopping", "stopped"] {
            #expect(log.all.contains { $0.contains(text) }, "\(text)")
        }
        for field in ["scales=1", "mean_change=", "changed_share="] {
            #expect(log.all.contains { $0.contains("restored") && $0.contains(field) }, "\(field)")
        }
    }

    @Test func aReloadTakesAGoodConfigurationAndRefusesABadOne() async throws {
        let place = try Workplace()
        let notifier = RecordingNotifier()
        let log = RecordedLog()
        let file = try place.writeConfiguration()
        try await serve(place, file: file, notifier: notifier, log: log) { run in
            _ = try place.writeConfiguration("format = \"jpeg\"\nlog-level = \"debug\"\nworkers = 1")
            run.requestReload()
            try await wait { notifier.steps.count == 3 }
            #expect(log.level.current == .debug)
            #expect(log.all.contains { $0.contains("after a restart") && $0.contains("workers") })
            try place.deliver("a.png")
            try await wait { place.exists("out/a.jpg") }

            for (line, complaint) in [
                ("format = \"webp\"", "format"), ("frmat = \"png\"", "did you mean 'format'?"),
                ("format = \"png\"\nbundle = 3", "bundle"), ("[", "TOML"),
            ] {
                let before = notifier.steps.count
                _ = try place.writeConfiguration(line)
                run.requestReload()
                try await wait { notifier.steps.count == before + 2 }
                #expect(log.all.contains { $0.contains("refused") && $0.contains(complaint) }, "\(complaint)")
            }
            // The old one is in force still.
            try place.deliver("b.png")
            try await wait { place.exists("out/b.jpg") }
        }
        // Every reload ends with READY.
        let steps = notifier.steps.map { if case .reloading = $0 { "reloading" } else { "\($0)" } }
        var expected = ["ready"]
        for _ in 0..<5 { expected += ["reloading", "ready"] }
        expected.append("stopping")
        #expect(steps == expected)
    }

    /// The status, and with it the metrics, say what is at work.
    @Test func aReloadChangesThePrecision() async throws {
        BFloat16Emulation.begin()
        let place = try Workplace()
        let log = RecordedLog()
        let file = try place.writeConfiguration()
        try await serve(place, file: file, notifier: RecordingNotifier(), log: log) { run in
            #expect(log.all.contains { $0.contains("ready") && $0.contains("precision=float32") })
            _ = try place.writeConfiguration("precision = \"bfloat16\"")
            run.requestReload()
            try await wait {
                try StatusReport(place.configuration).text(asJSON: true).contains(
                    "\"precision\": \"bfloat16\"")
            }
            try place.deliver("a.png")
            try await wait { place.exists("out/a.png") }
        }
        #expect(!log.all.contains { $0.contains("refused") })
    }

    @Test func aReloadWithAModelThatIsAbsentKeepsTheOldOne() async throws {
        let place = try Workplace()
        let notifier = RecordingNotifier()
        let log = RecordedLog()
        let file = try place.writeConfiguration()
        try await serve(place, file: file, notifier: notifier, log: log) { run in
            let text = try String(contentsOfFile: file, encoding: .utf8)
                .replacingOccurrences(of: "compact.safetensors", with: "absent.safetensors")
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            run.requestReload()
            try await wait {
                log.all.contains { $0.contains("refused") && $0.contains("absent.safetensors") }
            }
            try place.deliver("a.png")
            try await wait { place.exists("out/a.png") }
        }
    }

    @Test func theWatchdogIsFedWhileNothingHappens() async throws {
        let place = try Workplace()
        let notifier = RecordingNotifier(watchdogInterval: .milliseconds(100))
        try await serve(place, notifier: notifier, log: RecordedLog()) { _ in
            try await wait { notifier.sent.count { $0 == .watchdog } >= 5 }
        }
    }

    @Test func aStopReturnsWhatIsNotFinished() async throws {
        var place = try Workplace()
        place.configuration.drain = .milliseconds(50)
        for index in 0..<12 { try place.deliver("\(index).png", width: 320, height: 240, seed: index + 1) }
        let notifier = RecordingNotifier()
        try await serve(place, notifier: notifier, log: RecordedLog()) { _ in
            try await wait { place.names("out").contains { $0.hasSuffix(".png") } }
        }
        let left = place.names("in").count + place.names("in.spool/waiting/0").count
        let done = place.names("out").count { $0.hasSuffix(".png") }
        #expect(left + done == 12)
        #expect(place.names("in.spool/failed").isEmpty)
        // A worker that was not waited for holds the lock until it is through; a process would have ended.
        try await wait { try StatusReport(place.configuration).text(asJSON: false).hasPrefix("not running") }
        // The next run finishes the rest.
        place.configuration.drain = .seconds(30)
        let report = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        #expect(report.exitCode == .done)
        #expect(place.names("out").count { $0.hasSuffix(".png") } == 12)
    }

    @Test func aBundleThatAKilledRunOwesIsWrittenAtTheStart() async throws {
        let place = try Workplace()
        try place.deliver("a.png")
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        try FileManager.default.removeItem(atPath: place.folder.path("out/pred.npz"))
        try place.folder.write([], to: "in.spool/bundle-due")
        try await serve(place, notifier: RecordingNotifier(), log: RecordedLog()) { _ in
            try await wait { place.exists("out/pred.npz") && !place.exists("in.spool/bundle-due") }
        }
    }

    /// A manager that hears READY before the inbox was scanned would be told too early.
    @Test func aReloadBeforeReadinessWaitsForIt() async throws {
        let place = try Workplace()
        let notifier = RecordingNotifier()
        let file = try place.writeConfiguration()
        let run = try DaemonRun(
            place.configuration, configurationPath: Path(file), overrides: .init(), notifier: notifier,
            logger: RecordedLog().logger, level: RecordedLog().level)
        run.requestReload()
        try await Task.sleep(for: .milliseconds(100))
        #expect(notifier.steps.isEmpty)
        let running = Task { try await run.run() }
        try await wait { notifier.steps.count == 3 }
        run.requestStop()
        try await running.value
        #expect(notifier.steps.first == .ready && notifier.steps[2] == .ready)
    }

    @Test func aStopBeforeTheRunIsNotForgotten() async throws {
        let place = try Workplace()
        let log = RecordedLog()
        let run = try DaemonRun(
            place.configuration, configurationPath: nil, overrides: .init(), notifier: RecordingNotifier(),
            logger: log.logger, level: log.level)
        run.requestStop()
        try await run.run()
        #expect(log.all.contains { $0.contains("stopped") })
    }
}
