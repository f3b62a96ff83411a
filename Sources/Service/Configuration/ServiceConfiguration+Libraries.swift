import Files
import Images
import ProcessLimits
import PromptIR
import Restoration
import Spool

/// The configuration in the words of the libraries that it configures.
extension ServiceConfiguration {
    /// - Parameter memoryLimit: found once, at the start: the same picture must come out the same after a reload.
    package func restorationOptions(memoryLimit: Int) -> RestorationOptions {
        RestorationOptions(
            format: format, jpegQuality: jpegQuality, scales: scales, tile: tile,
            tileOverlap: tileOverlap, usesSelfEnsemble: tta, limits: limits, memoryLimit: memoryLimit)
    }

    /// Pictures beyond these are refused by their header.
    package var limits: PictureLimits {
        PictureLimits(maximumWidth: maxSide, maximumHeight: maxSide, maximumPixelCount: maxPixels)
    }

    /// One worker for each core unless told otherwise.
    package var poolPolicy: PoolPolicy {
        PoolPolicy(coreCount: threads ?? CoreCount.available(), workerCount: workers)
    }

    /// The checkpoint's path; nil for the one that ships.
    package var modelPath: Path? { model.isEmpty ? nil : model }

    package var spoolLayout: SpoolLayout {
        SpoolLayout(
            inbox: inbox, outbox: outbox, spool: spool.isEmpty ? nil : spool, shard: shard.shard)
    }

    package var spoolOptions: SpoolOptions {
        var options = SpoolOptions(layout: spoolLayout)
        options.originals = originals
        // One more than there are workers: the next picture is at hand when a worker finishes, and the pool sees that
        // one waits.
        options.concurrency = poolPolicy.workerCount + 1
        options.archiveLimits = Self.limits(archiveMaxAge, archiveMaxBytes)
        options.failedLimits = Self.limits(failedMaxAge, failedMaxBytes)
        options.maximumAttempts = maxAttempts
        options.settle = settle
        options.stability = settle
        options.rescanInterval = rescan
        options.versions = ["promptir-restored": Version.current]
        return options
    }

    private static func limits(_ age: Duration, _ byteCount: Int) -> RetentionLimits {
        RetentionLimits(age: age == .zero ? nil : age, byteCount: byteCount == 0 ? nil : byteCount)
    }
}
