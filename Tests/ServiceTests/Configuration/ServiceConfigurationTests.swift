import Restoration
import Service
import Spool
import Testing

@Suite struct ServiceConfigurationTests {
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

    @Test func everySettingReachesItsLibrary() {
        var configuration = ServiceConfiguration()
        configuration.inbox = "/in"
        configuration.outbox = "/out"
        configuration.format = .jpeg
        configuration.scales = .factors([1, 2])
        configuration.tile = .size(256)
        configuration.tta = true
        configuration.maxSide = 10
        configuration.maxPixels = 20
        configuration.maxFileSize = 30
        configuration.threads = 6
        configuration.workers = 3
        configuration.originals = .keep
        let options = configuration.restorationOptions(memoryLimit: 1)
        #expect(options.format == .jpeg)
        #expect(options.scales == .factors([1, 2]))
        #expect(options.tile == .size(256))
        #expect(options.usesSelfEnsemble)
        #expect(options.limits.maximumHeight == 10)
        #expect(options.limits.maximumPixelCount == 20)
        #expect(options.limits.maximumFileByteCount == 30)
        #expect(configuration.spoolOptions.maximumInputByteCount == 30)
        #expect(configuration.poolPolicy == PoolPolicy(coreCount: 6, workerCount: 3))
        #expect(configuration.spoolOptions.originals == .keep)
        #expect(configuration.spoolOptions.concurrency == 4)
        #expect(configuration.spoolLayout.spool == "/in.spool")
    }

    @Test func aReloadKeepsWhatNeedsARestartAndNamesIt() {
        var old = ServiceConfiguration()
        old.inbox = "/in"
        var wanted = old
        wanted.inbox = "/elsewhere"
        wanted.workers = 2
        wanted.format = .png
        wanted.logLevel = .debug
        let (result, waiting) = old.reloaded(as: wanted)
        #expect(waiting == ["inbox", "workers"])
        #expect(result.inbox == "/in")
        #expect(result.workers == nil)
        #expect(result.format == .png)
        #expect(result.logLevel == .debug)
    }
}
