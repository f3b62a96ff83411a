import Daemon
import Files
import Glibc
import PromptIR
import Restoration
import Service
import Spool
import Testing

@Suite struct ConfigurationMappingTests {
    @Test func theDefaultsAreTheLibraries() {
        let configuration = ServiceConfiguration()
        #expect(configuration.restorationOptions(memoryLimit: 5) == RestorationOptions(memoryLimit: 5))
        #expect(configuration.poolPolicy == PoolPolicy())
        #expect(configuration.modelPath == nil)
        let options = configuration.spoolOptions
        let standard = SpoolOptions(layout: configuration.spoolLayout)
        #expect(options.originals == standard.originals)
        #expect(options.maximumAttempts == standard.maximumAttempts)
        #expect(options.rescanInterval == standard.rescanInterval)
    }

    @Test func everyChoiceHasItsCounterpart() {
        var configuration = ServiceConfiguration()
        configuration.inbox = "/in"
        configuration.outbox = "/out"
        configuration.format = .jpeg
        configuration.scales = .factors([1, 2])
        configuration.tile = .side(256)
        configuration.tta = true
        configuration.maxSide = 10
        configuration.maxPixels = 20
        configuration.threads = .exactly(6)
        configuration.workers = .exactly(3)
        configuration.originals = .keep
        let options = configuration.restorationOptions(memoryLimit: 1)
        #expect(options.format == .jpeg)
        #expect(options.scales == .factors([1, 2]))
        #expect(options.tile == .size(256))
        #expect(options.usesSelfEnsemble)
        #expect(options.limits.maximumHeight == 10)
        #expect(options.limits.maximumPixelCount == 20)
        #expect(configuration.poolPolicy == PoolPolicy(coreCount: 6, workerCount: 3))
        #expect(configuration.spoolOptions.originals == .keep)
        #expect(configuration.spoolOptions.concurrency == 4)
        #expect(configuration.spoolLayout.spool == "/in.spool")
        #expect(configuration.spoolLayout.spool == SpoolLayout(inbox: "/in", outbox: "/out").spool)
    }

    /// The file's scales are read in one library and used in another.
    @Test(arguments: [
        "auto", "1", "1,2", "1,8", "1,2,4,8", "", "0", "3", "2,4", "1,1", "1,3", "16", "+1", "1,",
    ])
    func bothLibrariesTakeTheSameScales(text: String) {
        var overrides = ConfigurationOverrides()
        overrides.set("inbox", to: "/in")
        overrides.set("outbox", to: "/out")
        overrides.set("scales", to: text)
        let configuration = try? LayeredConfiguration(path: nil, overrides: overrides).configuration
        #expect(configuration?.restorationOptions(memoryLimit: 1).scales == ScaleMode(text))
    }

    @Test func aReloadKeepsWhatNeedsARestartAndNamesIt() {
        var old = ServiceConfiguration()
        old.inbox = "/in"
        var wanted = old
        wanted.inbox = "/elsewhere"
        wanted.workers = .exactly(2)
        wanted.format = .png
        wanted.logLevel = .debug
        let (result, waiting) = old.reloaded(as: wanted)
        #expect(waiting == ["inbox", "workers"])
        #expect(result.inbox == "/in")
        #expect(result.workers == .automatic)
        #expect(result.format == .png)
        #expect(result.logLevel == .debug)
    }

    @Test(arguments: SpoolEvent.allCases)
    func everyEventOfTheSpoolHasAMessageID(event: SpoolEvent) {
        #expect(ServiceEvent(rawValue: event.rawValue) != nil)
    }
}

@Suite struct ProgramFailureTests {
    @Test(arguments: [
        (ENOSPC, ExitCode.tryAgain, "make room"), (EIO, .tryAgain, "try again"),
        (ENOENT, .configuration, "make the folder"), (EACCES, .configuration, "may write"),
    ])
    func aFullDiskIsNoFaultOfTheConfiguration(errno: Int32, exitCode: ExitCode, advice: String) {
        let cause = FileError(.createFile, "/spool/lock", Errno(errno))
        let failure = ProgramFailure(SpoolError.unusable(what: "lock", cause))
        #expect(failure.exitCode == exitCode && failure.errno == errno)
        #expect(failure.description.contains(advice))
    }
}
