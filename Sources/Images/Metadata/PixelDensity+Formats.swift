/// Converts densities: PNG stores pixels per metre, JFIF pixels per inch or centimetre.
extension PixelDensity {
    private static let metresPerInch = 0.0254

    /// Reads the nine bytes of a pHYs chunk; nil if they are invalid.
    init?(physicalChunk bytes: [UInt8]) {
        guard bytes.count == 9 else { return nil }
        let x = PNGCodec.bigEndian(bytes[0..<4])
        let y = PNGCodec.bigEndian(bytes[4..<8])
        guard x > 0, y > 0, bytes[8] <= 1 else { return nil }
        self.init(x: x, y: y, unit: bytes[8] == 1 ? .metre : .aspectRatio)
    }

    var physicalChunk: [UInt8] {
        let scale =
            switch unit {
            case .aspectRatio, .metre: 1.0
            case .centimetre: 100.0
            case .inch: 1 / Self.metresPerInch
            }
        let x = UInt32(clamping: Int((Double(self.x) * scale).rounded()))
        let y = UInt32(clamping: Int((Double(self.y) * scale).rounded()))
        let bytes = [x, y].flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
        }
        return bytes + [unit == .aspectRatio ? 0 : 1]
    }

    /// Reads the fields of a JFIF header; nil if they are invalid, or say only that pixels are square.
    init?(jfifUnit: UInt8, x: UInt16, y: UInt16) {
        guard x > 0, y > 0, jfifUnit <= 2, jfifUnit != 0 || x != y else { return nil }
        self.init(x: Int(x), y: Int(y), unit: [.aspectRatio, .inch, .centimetre][Int(jfifUnit)])
    }

    var jfif: (unit: UInt8, x: UInt16, y: UInt16) {
        var (unit, scale): (UInt8, Double) =
            switch self.unit {
            case .aspectRatio: (0, 1)
            case .inch: (1, 1)
            case .centimetre: (2, 1)
            case .metre: (1, Self.metresPerInch)
            }
        let largest = Double(max(x, y)) * scale
        if largest > Double(UInt16.max) {
            // The format can only store the ratio.
            unit = 0
            scale *= Double(UInt16.max) / largest
        }
        let fields = [x, y].map { UInt16(max(1, (Double($0) * scale).rounded())) }
        return (unit, fields[0], fields[1])
    }
}
