import Synchronization
import Testing

/// The largest errors of a suite, printed when it ends: the issue wants them shown, not only bounded.
final class Figures: Sendable {
    @TaskLocal static var current: Figures?

    private struct Worst {
        var error = 0.0
        var relativeError = 0.0
        var ratio = 0.0
        var comparisonCount = 0
    }

    private let worst = Mutex<[String: Worst]>([:])

    /// - Parameters:
    ///   - relativeError: of the largest value of the comparison.
    ///   - ratio: the largest share of its tolerance that an error took.
    func note(_ label: String, error: Double, relativeError: Double, ratio: Double) {
        worst.withLock {
            let old = $0[label, default: Worst()]
            $0[label] = Worst(
                error: max(old.error, error), relativeError: max(old.relativeError, relativeError),
                ratio: max(old.ratio, ratio),
                comparisonCount: old.comparisonCount + 1)
        }
    }

    func print() {
        for (label, worst) in worst.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            Swift.print(
                "\(label): \(worst.comparisonCount) comparisons, largest error \(rounded(worst.error)),"
                    + " \(rounded(worst.relativeError)) of the largest value, \(rounded(100 * worst.ratio)) % of what is allowed"
            )
        }
    }

    private func rounded(_ value: Double) -> Float {
        guard value.isFinite, value > 0 else { return Float(value) }
        var unit = 1.0
        while value / unit >= 1000 { unit *= 10 }
        while value / unit < 100 { unit /= 10 }
        return Float((value / unit).rounded() * unit)
    }
}

/// Collects the figures of a suite and prints them at its end.
struct FiguresTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let figures = Figures()
        try await Figures.$current.withValue(figures) { try await function() }
        figures.print()
    }
}

extension Trait where Self == FiguresTrait {
    static var figures: Self { FiguresTrait() }
}
