import Testing

/// What float32 arithmetic may cost.
enum Rounding {
    /// Half a unit in the last place of 1: the relative error of one rounding.
    static let unit = 0x1p-24

    /// Bound of a sum of `terms` products in any order, with a rounding or two beside them (Higham, Accuracy and
    /// Stability of Numerical Algorithms, section 3.1; 1 % for the second-order terms).
    ///
    /// - Parameter magnitudes: the sum of the terms' magnitudes, for each result.
    static func sum(terms: Int, magnitudes: [Double]) -> [Double] {
        magnitudes.map { Double(terms + 2) * unit * 1.01 * $0 }
    }
}

/// Expects every value within its tolerance of the twin's; NaN only where the twin has it.
func expectClose(
    _ actual: [Float], _ expected: [Double], within tolerances: [Double], _ label: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard actual.count == expected.count, expected.count == tolerances.count else {
        Issue.record(
            "\(label): \(actual.count) values, expected \(expected.count)", sourceLocation: sourceLocation)
        return
    }
    var (worstError, worstRatio, worstIndex) = (0.0, 0.0, 0)
    for index in actual.indices {
        if actual[index].isNaN && expected[index].isNaN { continue }
        let error = abs(Double(actual[index]) - expected[index])
        let ratio = error == 0 ? 0 : error.isNaN ? .infinity : error / tolerances[index]
        worstError = max(worstError, error.isNaN ? .infinity : error)
        if ratio > worstRatio { (worstRatio, worstIndex) = (ratio, index) }
    }
    let largest = expected.lazy.map(abs).filter { $0.isFinite }.max() ?? 0
    Figures.current?.note(
        label, error: worstError, relativeError: largest > 0 ? worstError / largest : 0, ratio: worstRatio)
    #expect(
        worstRatio <= 1,
        "\(label): value \(worstIndex) is \(actual[worstIndex]), expected \(expected[worstIndex]) within \(tolerances[worstIndex])",
        sourceLocation: sourceLocation)
}

/// The same with one tolerance for all.
func expectClose(
    _ actual: [Float], _ expected: [Double], within tolerance: Double, _ label: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expectClose(
        actual, expected, within: Array(repeating: tolerance, count: expected.count), label,
        sourceLocation: sourceLocation)
}
