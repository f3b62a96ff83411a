import Dispatch
import Files
import Foundation
import Service
import Spool
import Synchronization
import TestSupport
import Testing

struct DaemonStartTests {
    private func daemon(
        _ place: Workplace, _ notifier: RecordingNotifier, _ log: RecordedLog, _ files: FileSystem
    ) throws -> DaemonRun {
        try DaemonRun(
            place.configuration, configurationPath: nil, overrides: .init(), notifier: notifier,
            logger: log.logger, level: log.level, files: files)
    }

    /// The lock, the recovery and the outbox refuse; the daemon says why, and goes on by itself.
    @Test(arguments: [
        (FileOperation.createFile, Errno.readOnly), (.list, .inputOutput), (.makeFolder, .noSpace),
        (.openFolder, .accessDenied),
    ])
    func aFaultOfTheDiskAtTheStartIsWaitedFor(_ call: FileOperation, _ fault: Errno) async throws {
        let place = try Workplace()
        try place.deliver("a.png")
        let (notifier, log) = (RecordingNotifier(), RecordedLog())
        let isBroken = Atomic(true)
        let run = try daemon(
            place, notifier, log,
            FileSystem { $0 == call && isBroken.load(ordering: .relaxed) ? fault : nil })
        let running = Task { try await run.run() }
        try await wait { notifier.statuses.contains { $0.hasPrefix("paused (") && $0.contains("\(fault)") } }
        #expect(notifier.steps.isEmpty)
        #expect(log.all.contains { $0.contains("cannot be opened yet") })
        isBroken.store(false, ordering: .relaxed)
        try await wait { place.exists("out/a.png") }
        run.requestStop()
        try await running.value
        #expect(notifier.steps == [.ready, .stopping])
    }

    @Test func aStopDuringThatWaitEndsIt() async throws {
        let place = try Workplace()
        let (notifier, log) = (RecordingNotifier(), RecordedLog())
        let run = try daemon(place, notifier, log, FileSystem { $0 == .list ? .inputOutput : nil })
        let running = Task { try await run.run() }
        try await wait { notifier.statuses.contains { $0.hasPrefix("paused (") } }
        run.requestStop()
        try await running.value
        #expect(log.all.contains { $0.contains("stopped before the spool was open") })
    }

    @Test func whatDoesNotHealEndsTheStart() async throws {
        var place = try Workplace()
        place.configuration.outbox = Path(place.folder.path("absent/out"))
        let run = try daemon(place, RecordingNotifier(), RecordedLog(), FileSystem())
        await #expect(throws: ProgramFailure.self) { try await run.run() }
    }

    /// A call that does not return holds the spool's queue: the stop itself can never notice that its time is over.
    @Test func aStopThatHangsIsEndedInTime() async throws {
        let place = try Workplace()
        let (notifier, log) = (RecordingNotifier(), RecordedLog())
        let mayHang = Atomic(false)
        let hangs = Atomic(false)
        let files = FileSystem { call in
            while call == .list, mayHang.load(ordering: .relaxed) {
                hangs.store(true, ordering: .relaxed)
                usleep(5000)
            }
            return nil
        }
        let run = try daemon(place, notifier, log, files)
        let running = Task { try await run.run() }
        try await wait { notifier.steps.contains(.ready) }
        mayHang.store(true, ordering: .relaxed)
        try await wait { hangs.load(ordering: .relaxed) }
        let isEnded = Atomic(false)
        let deadline = StopDeadline { isEnded.store(true, ordering: .relaxed) }
        let begin = ContinuousClock.now
        deadline.arm(drain: .milliseconds(100), grace: .milliseconds(200))
        run.requestStop()
        try await wait { isEnded.load(ordering: .relaxed) }
        #expect(ContinuousClock.now - begin >= .milliseconds(300))
        mayHang.store(false, ordering: .relaxed)
        try await running.value
    }

    @Test func armingAgainIsNoMoreThanOnce() async throws {
        let count = Atomic(0)
        let deadline = StopDeadline { count.add(1, ordering: .relaxed) }
        deadline.arm(drain: .zero, grace: .milliseconds(50))
        deadline.arm(drain: .zero, grace: .milliseconds(50))
        try await Task.sleep(for: .milliseconds(200))
        #expect(count.load(ordering: .relaxed) == 1)
    }

    @Test func theGraceFitsIntoWhatTheManagerIsAskedFor() {
        #expect(StopDeadline.grace < .seconds(15))
        #expect(ServiceConfiguration().drain + StopDeadline.grace < .seconds(90))
    }
}
