import Images

extension Picture {
    /// What JPEG can hold: eight bits (rounded), no alpha (dropped: JPEG was asked for by name).
    func fittedToJPEG() -> Picture {
        var fitted = withEightBits().withoutAlpha()
        fitted.format = .jpeg
        return fitted
    }

    /// Sixteen-bit samples rounded to the nearest of eight bits (round(v / 257), exact at both ends).
    func withEightBits() -> Picture {
        guard case .sixteenBit(let samples) = self.samples else { return self }
        var reduced = self
        reduced.samples = .eightBit(samples.map { UInt8((Int($0) + 128) / 257) })
        return reduced
    }

    func withoutAlpha() -> Picture {
        let colours: PixelLayout
        switch layout {
        case .grey, .rgb: return self
        case .greyAlpha: colours = .grey
        case .rgba: colours = .rgb
        }
        var opaque = self
        opaque.layout = colours
        switch samples {
        case .eightBit(let samples):
            opaque.samples = .eightBit(Self.dropLast(samples, of: layout.channelCount))
        case .sixteenBit(let samples):
            opaque.samples = .sixteenBit(Self.dropLast(samples, of: layout.channelCount))
        }
        return opaque
    }

    private static func dropLast<Sample>(_ samples: [Sample], of stride: Int) -> [Sample] {
        var kept: [Sample] = []
        kept.reserveCapacity(samples.count / stride * (stride - 1))
        for start in Swift.stride(from: 0, to: samples.count, by: stride) {
            kept.append(contentsOf: samples[start..<start + stride - 1])
        }
        return kept
    }
}
