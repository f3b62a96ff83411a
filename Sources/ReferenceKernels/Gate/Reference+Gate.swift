import Glibc

extension Reference {
    /// `x · Φ(x)` with the exact normal distribution (PyTorch `F.gelu(approximate: "none")`).
    package static func gelu(_ x: Double) -> Double {
        // This is PyTorch's form, except that erfc is used where 1 + erf would cancel.
        x < 0 ? 0.5 * x * erfc(-x * 0.5.squareRoot()) : 0.5 * x * (1 + erf(x * 0.5.squareRoot()))
    }

    /// `gelu(first) · second`, element by element.
    package static func gate(_ first: Planes, _ second: Planes) -> Planes {
        var out = first
        for index in out.values.indices {
            out.values[index] = gelu(first.values[index]) * second.values[index]
        }
        return out
    }
}
