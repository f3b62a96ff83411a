import Glibc
import Terminals

/// The range of an axis, its ticks, and the position of a value on it.
package struct AxisScale: Sendable, Equatable {
    package let isLogarithmic: Bool
    package let low: Double
    package let high: Double
    package let ticks: [Double]
    /// Decimals needed to distinguish the ticks.
    package let decimals: Int

    /// Creates an axis for these values, with round ticks at 1, 2 or 5 times a power of ten.
    ///
    /// - Parameters:
    ///   - isWhole: whether ticks are only at whole numbers.
    ///   - mayBeLogarithmic: whether the axis is logarithmic if the values are positive and the largest is 20 times
    ///     the smallest.
    package init(
        _ values: some Sequence<Double>, tickCount: Int = 5, isWhole: Bool = false,
        mayBeLogarithmic: Bool = false
    ) {
        let shown = values.filter(Self.isShown)
        let smallest = shown.min() ?? 0
        let largest = shown.max() ?? 1
        if mayBeLogarithmic, smallest >= 1e-15, largest / smallest >= 20 {
            isLogarithmic = true
            low = smallest / 1.15
            high = largest * 1.15
            ticks = Self.logarithmicTicks(low, high)
            decimals = 0
            return
        }
        isLogarithmic = false
        // A single value gets some room around it.
        let span =
            largest > smallest
            ? max(largest - smallest, max(abs(largest), abs(smallest)) * 1e-9, 1e-12)
            : max(abs(largest) * 0.1, isWhole ? 1 : 1e-3)
        let middle = (largest + smallest) / 2
        let step = Self.roundStep(span / Double(tickCount), isWhole: isWhole)
        let margin = isWhole ? 0 : span * 0.05
        low = min(middle - span / 2, smallest) - margin
        high = max(middle + span / 2, largest) + margin
        let first = (low / step - 1e-9).rounded(.up)
        let last = (high / step + 1e-9).rounded(.down)
        ticks = first <= last ? stride(from: first, through: last, by: 1).map { $0 * step } : []
        decimals = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
    }

    /// Whether a diagram can show a value. It cannot if the value is not finite, or so large that the run has
    /// obviously failed.
    static func isShown(_ value: Double) -> Bool { abs(value) < 1e15 }

    /// Returns the position of a value, from 0 at the low end to 1 at the high end.
    package func position(_ value: Double) -> Double {
        guard isLogarithmic else { return (value - low) / (high - low) }
        return value > 0 ? log(value / low) / log(high / low) : 0
    }

    package func label(_ tick: Double) -> String {
        guard isLogarithmic else { return Self.text(tick, decimals: decimals) }
        if tick >= 10_000 || tick < 0.000_1 {
            let exponent = Int(log10(tick).rounded(.down))
            return "\(Int((tick / pow(10, Double(exponent))).rounded()))e\(exponent)"
        }
        return Self.text(tick, decimals: max(0, Int((-log10(tick)).rounded(.up))))
    }

    /// Formats a number with fixed decimals and a minus sign as wide as a digit.
    static func text(_ value: Double, decimals: Int) -> String {
        let text = fixed(value, decimals)
        return value < 0 && text.hasPrefix("-") ? "–" + text.dropFirst() : text
    }

    private static func roundStep(_ rough: Double, isWhole: Bool) -> Double {
        let power = pow(10, log10(rough).rounded(.down))
        let step = ([1, 2, 5].first { $0 * power >= rough * 0.999 } ?? 10) * power
        return isWhole ? max(step, 1) : step
    }

    private static func logarithmicTicks(_ low: Double, _ high: Double) -> [Double] {
        let decades = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
        let factors: [Double] = decades.count > 4 ? [1] : [1, 2, 5]
        return decades.flatMap { decade in factors.map { $0 * pow(10, Double(decade)) } }
            .filter { $0 >= low && $0 <= high }
    }
}
