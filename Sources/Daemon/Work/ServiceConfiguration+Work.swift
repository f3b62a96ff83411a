import Files
import Images
import PromptIR
import Restoration
import Service
import Spool

/// The configuration in the words of the libraries that it configures.
extension ServiceConfiguration {
    /// - Parameter memoryLimit: found once, at the start: the same picture must come out the same after a reload.
    package func restorationOptions(memoryLimit: Int) -> RestorationOptions {
        RestorationOptions(
            format: outputFormat, jpegQuality: jpegQuality, scales: scaleMode, tile: tileMode,
            tileOverlap: tileOverlap, usesSelfEnsemble: tta, limits: limits, memoryLimit: memoryLimit)
    }

    /// Pictures beyond these are refused by their header.
    package var limits: PictureLimits {
        PictureLimits(maximumWidth: maxSide, maximumHeight: maxSide, maximumPixelCount: maxPixels)
    }

    /// The format that restored pictures are written in.
    package var outputFormat: OutputFormat {
        switch format {
        case .same: .same
        case .png: .png
        case .jpeg: .jpeg
        }
    }

    private var scaleMode: ScaleMode {
        switch scales {
        case .automatic: .auto
        case .factors(let factors): .factors(factors)
        }
    }

    private var tileMode: TileMode {
        switch tile {
        case .automatic: .auto
        case .off: .off
        case .side(let side): .size(side)
        }
    }

    /// One worker for each core unless told otherwise.
    package var poolPolicy: PoolPolicy {
        let coreCount =
            switch threads {
            case .automatic: CoreCount.available()
            case .exactly(let count): count
            }
        switch workers {
        case .automatic: return PoolPolicy(coreCount: coreCount)
        case .exactly(let count): return PoolPolicy(coreCount: coreCount, workerCount: count)
        }
    }

    /// The checkpoint's path; nil for the one that ships.
    package var modelPath: Path? { model.isEmpty ? nil : model }

    package var spoolShard: Shard? {
        guard case .exactly(let index, let count) = shard else { return nil }
        return Shard(index: index, count: count)
    }

    package var spoolLayout: SpoolLayout {
        SpoolLayout(inbox: inbox, outbox: outbox, spool: effectiveSpool)
    }

    package var spoolOptions: SpoolOptions {
        var options = SpoolOptions(layout: spoolLayout)
        options.originals =
            switch originals {
            case .archive: .archive
            case .delete: .delete
            case .keep: .keep
            }
        // One more than there are workers: the next picture is at hand when a worker finishes, and the pool sees that
        // one waits.
        options.concurrency = poolPolicy.workerCount + 1
        options.shard = spoolShard
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
