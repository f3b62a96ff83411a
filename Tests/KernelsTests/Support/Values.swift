import ReferenceKernels
import TestSupport

/// Inputs for both sides of a comparison: the same float32 values.
enum Values {
    /// `count` values in [−scale, scale), another sequence for every name.
    static func uniform(_ name: String, _ count: Int, scale: Double = 1) -> [Float] {
        Formula.uniform(name, count: count).map { Float($0 * scale) }
    }

    /// Weights of `fanIn` terms, of a size that keeps the results near 1.
    static func weights(_ name: String, _ count: Int, fanIn: Int) -> [Float] {
        uniform(name, count, scale: (3 / Double(max(1, fanIn))).squareRoot())
    }

    /// Layer norm weights around 1.
    static func gains(_ name: String, _ count: Int) -> [Float] {
        uniform(name, count, scale: 0.25).map { 1 + $0 }
    }
}

extension [Float] {
    var doubles: [Double] { map(Double.init) }
}

extension Planes {
    init(_ values: [Float], channels: Int, height: Int, width: Int) {
        self.init(channels: channels, height: height, width: width, values: values.doubles)
    }

    /// For bounds: the same sums over magnitudes.
    var magnitudes: Planes {
        Planes(channels: channels, height: height, width: width, values: values.map(abs))
    }

    var largestMagnitude: Double { values.lazy.map(abs).max() ?? 0 }
}

extension Reference.Filter {
    init(_ weights: [Float], bias: [Float]?) {
        self.init(weights.doubles, bias: bias?.doubles)
    }

    var magnitudes: Reference.Filter {
        Reference.Filter(weights.map(abs), bias: bias?.map(abs))
    }
}
