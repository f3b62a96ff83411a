/// Counts of observations up to each of a few bounds, as Prometheus' histograms hold them: a pure value.
public struct Histogram: Sendable, Equatable {
    /// Upper bounds, ascending; beyond the last lies `+Inf`.
    public let bounds: [Double]
    /// Observations in each bucket alone, one more than there are bounds.
    public private(set) var counts: [Int]
    public private(set) var sum = 0.0

    public init(bounds: [Double]) {
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "a histogram's bounds ascend")
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    public mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    public var count: Int { counts.reduce(0, +) }
}
