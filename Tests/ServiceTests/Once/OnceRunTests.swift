import Files
import Foundation
import Service
import Spool
import TestSupport
import Testing

@Suite struct OnceReportTests {
    private func report(
        done: Int = 0, failed: Int = 0, remaining: Int = 0, pause: String? = nil, modelAtFault: Bool = false,
        interrupted: Bool = false
    ) -> OnceRun.Report {
        .init(
            DrainReport(
                done: done, failed: failed, remaining: remaining, pauseReason: pause,
                isModelAtFault: modelAtFault, isInterrupted: interrupted),
            duration: .seconds(30))
    }

    @Test func exitCodes() {
        #expect(report().exitCode == .done)
        #expect(report(done: 3).exitCode == .done)
        #expect(report(done: 3, failed: 1).exitCode == .someFailed)
        #expect(report(done: 3, remaining: 1).exitCode == .tryAgain)
        // Somebody must look at a failure even while files arrive.
        #expect(report(done: 3, failed: 1, remaining: 1).exitCode == .someFailed)
        #expect(report(failed: 1, remaining: 5, pause: "full").exitCode == .tryAgain)
        #expect(report(failed: 1, remaining: 5, pause: "bad", modelAtFault: true).exitCode == .configuration)
        #expect(report(remaining: 5, interrupted: true).exitCode == .tryAgain)
        #expect(report(done: 5, interrupted: true).exitCode == .done)
        #expect(report(done: 5, failed: 1, interrupted: true).exitCode == .someFailed)
    }

    @Test func theSummaryIsOneLine() {
        #expect(
            report(done: 3, failed: 1).summary == "3 restored, 1 failed, 0 left in 30.0 s (6.0 images/min)")
        #expect(
            report(remaining: 2, pause: "full", interrupted: true).summary
                == "0 restored, 0 failed, 2 left in 30.0 s; stopped by a problem of the machine: full; interrupted"
        )
        #expect(
            report(remaining: 2, pause: "NaN", modelAtFault: true).summary
                == "0 restored, 0 failed, 2 left in 30.0 s; stopped by a problem of the model: NaN")
    }
}

struct OnceRunTests {
    @Test func goodPicturesAreRestoredBesideABrokenOne() async throws {
        let place = try Workplace()
        try place.deliver("a.png")
        try place.deliver("b.png", width: 1, height: 1)
        try place.deliver("broken.png", bytes: Array("no picture".utf8))
        let report = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        #expect(report.exitCode == .someFailed)
        #expect(report.drain.done == 2)
        #expect(report.drain.failed == 1)
        #expect(place.names("out") == ["a.png", "b.png", "pred.npz", "submission.zip"])
        #expect(place.names("in").isEmpty)
        #expect(place.names("in.spool/failed") == ["broken.png", "broken.png.json"])
        #expect(!place.exists("in.spool/bundle-due"))
    }

    @Test func anEmptyInboxIsNoFailureAndMakesNoBundle() async throws {
        let place = try Workplace()
        let report = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        #expect(report.exitCode == .done)
        #expect(place.names("out").isEmpty)
    }

    @Test func aHeldLockMeansTryAgain() async throws {
        let place = try Workplace()
        let holder = try Assembly(place.configuration, logger: RecordedLog().logger)
        try holder.start()
        await #expect {
            try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        } throws: { error in
            (error as? ProgramFailure)?.exitCode == .tryAgain
        }
        await holder.stop(within: .seconds(5))
        let report = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        #expect(report.exitCode == .done)
    }

    /// The outbox itself is made; a folder above it is not.
    @Test func aMissingFolderIsAFaultOfTheConfiguration() async throws {
        var place = try Workplace()
        place.configuration.outbox = Path(place.folder.path("absent/out"))
        let configuration = place.configuration
        await #expect {
            try await OnceRun(configuration, logger: RecordedLog().logger).run()
        } throws: { error in
            let failure = error as? ProgramFailure
            return failure?.exitCode == .configuration && failure?.errno == ENOENT
                && failure?.description.contains(configuration.outbox.description) == true
        }
    }

    @Test func aBundleThatCannotBeWrittenIsSaidAndStaysDue() async throws {
        var place = try Workplace()
        place.configuration.bundleFolder = Path(place.folder.path("absent"))
        try place.deliver("a.png")
        let report = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        #expect(report.drain.done == 1)
        #expect(report.exitCode == .configuration)
        #expect(report.bundleProblem?.description.contains("absent") == true)
        place.configuration.bundleFolder = ""
        let next = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        #expect(next.exitCode == .done)
        #expect(place.exists("out/pred.npz"))
    }

    @Test func aMissingModelIsNamed() throws {
        var place = try Workplace()
        place.configuration.model = "/absent.safetensors"
        let configuration = place.configuration
        #expect {
            try OnceRun(configuration, logger: RecordedLog().logger)
        } throws: { error in
            let failure = error as? ProgramFailure
            return failure?.exitCode == .configuration && "\(error)".contains("/absent.safetensors")
        }
    }

    @Test func theChosenFormatNamesTheOutputs() async throws {
        var place = try Workplace()
        place.configuration.format = .jpeg
        place.configuration.bundle = false
        try place.deliver("a.png")
        try place.deliver("B.PNG")
        let report = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        #expect(report.exitCode == .done)
        #expect(place.names("out") == ["B.jpg", "a.jpg"])
        let head = FileManager.default.contents(atPath: place.folder.path("out/a.jpg"))?.prefix(2)
        #expect(head == Data([0xFF, 0xD8]))
    }

    @Test func outputsDoNotDependOnTheNumberOfWorkers() async throws {
        var contents: [[String: Data?]] = []
        for workers in [1, 2] {
            var place = try Workplace()
            place.configuration.workers = workers
            for index in 1...4 { try place.deliver("\(index).png", width: 40, height: 31, seed: index) }
            _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
            contents.append(
                Dictionary(
                    uniqueKeysWithValues: place.names("out").map {
                        ($0, FileManager.default.contents(atPath: place.folder.path("out/\($0)")))
                    }))
        }
        #expect(contents[0].count == 6)
        #expect(contents[0] == contents[1])
    }

    @Test func theStateOnDiskIsReported() async throws {
        let place = try Workplace()
        try place.deliver("a.png")
        _ = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        try place.deliver("b.png")
        let report = try StatusReport(place.configuration)
        let text = report.text(asJSON: false)
        #expect(text.hasPrefix("not running\n1 in the inbox, 0 claimed"))
        #expect(text.contains("the last run: 1 done, 0 failed"))
        let json =
            try JSONSerialization.jsonObject(with: Data(report.text(asJSON: true).utf8)) as? [String: Any]
        #expect(json?["archived"] as? Int == 1)
        #expect(json?["running"] as? Bool == false)
    }

    @Test func aSpoolThatNeverRanIsSaidSo() throws {
        let place = try Workplace()
        #expect {
            try StatusReport(place.configuration)
        } throws: { error in
            (error as? ProgramFailure)?.exitCode == .configuration
        }
    }
}
