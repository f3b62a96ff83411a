/// Pseudo-random numbers that are a pure function of their keys. A resumed run needs only its position, and the same
/// keys give the same numbers on every machine.
///
/// Splitmix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014): the n-th number is a hash
/// of the start and n. Nothing here calls libm, because versions of it differ in the last bits.
package struct RandomSequence: Sendable {
    private var counter: UInt64

    /// Creates the sequence of these keys, such as a seed, an epoch and a position. Their order matters.
    package init(_ keys: UInt64...) {
        counter = keys.reduce(Self.step) { Self.mixed(($0 ^ Self.mixed($1 &+ Self.step)) &+ Self.step) }
    }

    /// Returns 64 random bits.
    package mutating func next() -> UInt64 {
        counter &+= Self.step
        return Self.mixed(counter)
    }

    /// Returns a uniform number in [0, 1), a multiple of 2⁻⁵³.
    package mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Returns a uniform number between the bounds.
    package mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * unit()
    }

    /// Returns a uniform number in `0..<bound`, without bias; `bound` is positive.
    package mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "RandomSequence: a bound of \(bound)")
        let bound = UInt64(bound)
        // Numbers in the incomplete last interval are drawn again (Lemire 2019).
        while true {
            let (high, low) = next().multipliedFullWidth(by: bound)
            if low >= bound || low >= (0 &- bound) % bound { return Int(high) }
        }
    }

    /// Returns true with this probability.
    package mutating func isTrue(withProbability probability: Double) -> Bool {
        unit() < probability
    }

    /// Returns an approximately normal number with mean 0 and standard deviation 1, within ±3.5: the scaled sum of
    /// four uniform numbers.
    package mutating func bell() -> Double {
        (unit() + unit() + unit() + unit() - 2) * 1.732_050_807_568_877_2
    }

    /// Returns `0..<count` in random order, by Fisher and Yates. The order of `shuffled(using:)` may change with
    /// Swift.
    package mutating func permutation(of count: Int) -> [Int] {
        var order = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(last, below(last + 1))
        }
        return order
    }

    private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
