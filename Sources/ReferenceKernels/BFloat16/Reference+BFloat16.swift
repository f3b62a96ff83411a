import Glibc

extension Reference {
    /// The nearest bfloat16: 8 significant bits, ties to the even one. What is smaller than float32's normal numbers
    /// is zero.
    package static func bfloat16(_ value: Double) -> Double {
        guard value.isFinite else { return value }
        guard abs(value) >= 0x1p-126 else { return value.sign == .minus ? -0.0 : 0 }
        let unit = exp2(floor(log2(abs(value))) - 7)
        return (value / unit).rounded(.toNearestOrEven) * unit
    }
}

extension Planes {
    /// Every value as a bfloat16.
    package var inBFloat16: Planes {
        Planes(channels: channels, height: height, width: width, values: values.map(Reference.bfloat16))
    }
}

extension Reference.Filter {
    /// The weights as bfloat16; the bias is added to the sums as it is.
    package var inBFloat16: Reference.Filter {
        Reference.Filter(weights.map(Reference.bfloat16), bias: bias)
    }
}
