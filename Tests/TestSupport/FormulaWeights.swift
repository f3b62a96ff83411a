/// Values made from a name and an index, as the golden vectors' README defines them: no file is needed to
/// build a network of any size.
package enum Formula {
    /// u(i) in [−1, 1) for flat row-major indices 0..<count.
    package static func uniform(_ name: String, count: Int) -> [Double] {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return (0..<count).map { index in
            var z = hash &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            z ^= z >> 31
            return Double(z >> 40) * 0x1p-23 - 1
        }
    }

    /// The weights of one tensor, rounded to float32 from float64.
    package static func weights(_ name: String, shape: [Int]) -> [Float] {
        let count = shape.reduce(1, *)
        let u = uniform(name, count: count)
        let scaled: [Double]
        if name.hasSuffix(".temperature") {
            scaled = u.map { 1 + 0.5 * $0 }
        } else if name.hasSuffix(".prompt_param") {
            scaled = u.map { 0.5 + 0.5 * $0 }
        } else if name.hasSuffix(".body.weight"), shape.count == 1 {
            scaled = u.map { 1 + 0.1 * $0 }
        } else if name.hasSuffix(".bias") {
            scaled = u.map { 0.1 * $0 }
        } else {
            let fanIn = Double(shape.dropFirst().reduce(1, *))
            let scale = (3 / fanIn).squareRoot() * (name == "output.weight" ? 0.1 : 1)
            scaled = u.map { $0 * scale }
        }
        return scaled.map { Float($0) }
    }

    /// The input image (n, 3, height, width), flat; `prefix` is "golden" or "golden-target".
    package static func image(
        prefix: String = "golden", count: Int, height: Int, width: Int
    ) -> [Float] {
        uniform("\(prefix)/\(count)x3x\(height)x\(width)", count: count * 3 * height * width)
            .map { Float(0.5 + 0.5 * $0) }
    }
}
