import RandomNumbers

/// The order in which an epoch visits the pairs.
package struct EpochOrder: Sendable {
    package let count: Int
    package let shuffles: Bool
    package let seed: UInt64

    /// - Parameter shuffles: false for the source's own order in every epoch.
    package init(count: Int, shuffles: Bool, seed: UInt64) {
        self.count = count
        self.shuffles = shuffles
        self.seed = seed
    }

    /// Returns every index below `count` once, as a pure function of seed and epoch.
    package func indices(epoch: Int) -> [Int] {
        guard shuffles else { return Array(0..<count) }
        var numbers = RandomSequence(seed, Purpose.order.rawValue, UInt64(bitPattern: Int64(epoch)))
        return numbers.permutation(of: count)
    }
}
