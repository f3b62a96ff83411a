import Files
import Images
import ProcessLimits
import PromptIR
import Restoration
import Spool

/// Translates the configuration into the options of the libraries.
extension ServiceConfiguration {
    /// - Parameter memoryLimit: the limit found at the start. It never changes, so that a reload does not
    ///   change results.
    package func restorationOptions(memoryLimit: Int) -> RestorationOptions {
        RestorationOptions(
            format: format, jpegQuality: jpegQuality, scales: scales, tile: tile,
            tileOverlap: tileOverlap, usesSelfEnsemble: tta, strength: strength, limits: limits,
            memoryLimit: memoryLimit)
    }

    /// The picture sizes above which a picture is refused after its header is read.
    package var limits: PictureLimits {
        PictureLimits(
            maximumWidth: maxSide, maximumHeight: maxSide, maximumPixelCount: maxPixels,
            maximumFileByteCount: maxFileSize)
    }

    /// The pool's policy, with one worker for each core by default.
    package var poolPolicy: PoolPolicy {
        PoolPolicy(coreCount: threads ?? CoreCount.available(), workerCount: workers)
    }

    /// The checkpoint's path; nil for the weights that ship.
    package var modelPath: Path? { model.isEmpty ? nil : model }

    package var spoolLayout: SpoolLayout {
        SpoolLayout(
            inbox: inbox, outbox: outbox, spool: spool.isEmpty ? nil : spool, shard: shard.shard)
    }

    package var spoolOptions: SpoolOptions {
        var options = SpoolOptions(layout: spoolLayout)
        options.originals = originals
        // One picture more than there are workers is claimed, so that the next is ready when a worker
        // finishes, and the pool knows that one waits.
        options.concurrency = poolPolicy.workerCount + 1
        options.archiveLimits = Self.limits(archiveMaxAge, archiveMaxBytes)
        options.failedLimits = Self.limits(failedMaxAge, failedMaxBytes)
        options.outboxLimits = Self.limits(outboxMaxAge, outboxMaxBytes)
        options.maximumAttempts = maxAttempts
        options.maximumInputByteCount = maxFileSize
        options.settle = settle
        options.stability = settle
        options.rescanInterval = rescan
        options.versions = ["promptir-restored": Version.current, "precision": precision.rawValue]
        return options
    }

    private static func limits(_ age: Duration, _ byteCount: Int) -> RetentionLimits {
        RetentionLimits(age: age == .zero ? nil : age, byteCount: byteCount == 0 ? nil : byteCount)
    }
}
