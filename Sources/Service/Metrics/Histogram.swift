/// A Prometheus histogram as a pure value: it counts observations by upper bound.
package struct Histogram: Sendable, Equatable {
    /// The upper bounds, ascending; the last bucket ends at `+Inf`.
    package let bounds: [Double]
    /// The number of observations in each bucket alone, one more than there are bounds.
    package private(set) var counts: [Int]
    package private(set) var sum = 0.0

    package init(bounds: [Double]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "a histogram's bounds ascend")
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    package mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    package var count: Int { counts.reduce(0, +) }
}
