import Dispatch
import Files
import Images
import ProcessLimits
import Synchronization

/// Why nothing can be compared.
package enum EvaluationError: Error, Sendable, Equatable, CustomStringConvertible {
    case noPictures(Path)

    package var description: String {
        switch self {
        case .noPictures(let folder): "\(folder): there are no pictures to compare"
        }
    }
}

/// Compares restored pictures with clean ones: PSNR and SSIM of each, and their means.
package struct Evaluation: Sendable {
    /// One pair that was compared.
    package struct Comparison: Sendable {
        /// The path relative to the restored folder.
        package let picture: Path
        package let scores: MetricScores
    }

    /// One picture that could not be compared.
    package struct Failure: Sendable, Equatable {
        /// The folder with restored pictures, or the one with clean pictures if a restored one is missing.
        package let folder: Path
        /// The path relative to the folder.
        package let picture: Path
        package let reason: String
    }

    /// The comparisons, sorted by name.
    package let comparisons: [Comparison]
    package let failures: [Failure]

    /// Compares every picture below `restored` with the one of the same relative path below `clean`, or else
    /// with the one that differs only in the extension. A picture without a counterpart, in either folder, is a failure.
    ///
    /// - Parameter onPicture: called after each picture with the number of all, from several threads.
    /// - Throws: `EvaluationError`, or `FileError` if a folder cannot be read.
    package init(
        restored: Path, clean: Path, limits: PictureLimits = PictureLimits(),
        coreCount: Int = CoreCount.available(), onPicture: @Sendable (_ total: Int) -> Void = { _ in }
    ) throws {
        let names = try WholeFiles.regularFiles(below: restored, where: \.isPicture)
        guard !names.isEmpty else { throw EvaluationError.noPictures(restored) }
        let cleanNames = try WholeFiles.regularFiles(below: clean, where: \.isPicture)
        let counterparts = Counterparts(cleanNames)
        let results = Mutex<[Result<Comparison, Problem>?]>(Array(repeating: nil, count: names.count))
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: coreCount) { _ in
            while case let index = next.wrappingAdd(1, ordering: .relaxed).oldValue, index < names.count {
                let result = Self.compare(
                    names[index], in: restored, with: counterparts, in: clean, limits: limits)
                results.withLock { $0[index] = result }
                onPicture(names.count)
            }
        }
        var comparisons: [Comparison] = []
        var failures: [Failure] = []
        for case let result? in results.withLock({ $0 }) {
            switch result {
            case .success(let comparison): comparisons.append(comparison)
            case .failure(let problem): failures.append(problem.failure)
            }
        }
        let paired = Set(names.compactMap(counterparts.counterpart))
        failures += cleanNames.filter { !paired.contains($0) }.map {
            Failure(folder: clean, picture: $0, reason: "no restored picture of this name in \(restored)")
        }
        self.comparisons = comparisons
        self.failures = failures
    }

    /// Returns the mean of a score over all pictures that have it; nil if none has. A mean PSNR is infinite
    /// if a picture equals its clean one.
    package func mean(_ score: (MetricScores) -> Double?) -> Double? {
        let values = comparisons.compactMap { score($0.scores) }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    private struct Problem: Error {
        let failure: Failure
    }

    private static func compare(
        _ name: Path, in restored: Path, with counterparts: Counterparts, in clean: Path,
        limits: PictureLimits
    ) -> Result<Comparison, Problem> {
        func failure(_ reason: String) -> Result<Comparison, Problem> {
            .failure(Problem(failure: Failure(folder: restored, picture: name, reason: reason)))
        }
        guard let counterpart = counterparts.counterpart(of: name) else {
            return failure("no picture of this name in \(clean)")
        }
        do {
            let first = try PictureCodec.decode(
                try WholeFiles.read(restored.appending(name), limit: limits.maximumFileByteCount),
                limits: limits)
            let second = try PictureCodec.decode(
                try WholeFiles.read(clean.appending(counterpart), limit: limits.maximumFileByteCount),
                limits: limits)
            return .success(Comparison(picture: name, scores: try ImageMetrics.scores(first, second)))
        } catch {
            return failure(String(describing: error))
        }
    }
}
