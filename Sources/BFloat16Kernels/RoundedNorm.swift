// The emulated build uses this file through a symbolic link.

extension RoundedBuild {
    @inline(never)
    package static func normalize(
        _ input: UnsafePointer<Float>, inputStride: Int, channels: Int, count: Int, subtractsMean: Bool,
        epsilon: Float, output: UnsafeMutablePointer<Float>, outputStride: Int
    ) {
        let panelCount = (channels + 15) / 16
        let scale = 1 / Float(channels)
        // Ones for the channels of the last panel, zeros beyond.
        var lastOnes = Lanes.zero
        for lane in 0..<channels - 16 * (panelCount - 1) { lastOnes[lane] = 1 }
        for index in 0..<count {
            let x = input + index * inputStride
            func features(_ panel: Int) -> Lanes { Lanes(narrow: x + panel * 8) }
            let y = output + index * outputStride
            var sumA = Lanes.zero
            var sumB = Lanes.zero
            var panel = 0
            while panel + 1 < panelCount {
                sumA += features(panel)
                sumB += features(panel + 1)
                panel += 2
            }
            if panel < panelCount { sumA += features(panel) }
            let means = Lanes(repeating: (sumA + sumB).treeSum * scale)
            let last = (features(panelCount - 1) - means) * lastOnes
            var squaresA = last * last
            var squaresB = Lanes.zero
            panel = 0
            while panel + 2 < panelCount {
                let a = features(panel) - means
                let b = features(panel + 1) - means
                squaresA.addProduct(a, a)
                squaresB.addProduct(b, b)
                panel += 2
            }
            if panel + 1 < panelCount {
                let a = features(panel) - means
                squaresB.addProduct(a, a)
            }
            let inverse = 1 / ((squaresA + squaresB).treeSum * scale + epsilon).squareRoot()
            let factor = Lanes(repeating: inverse)
            let shift = subtractsMean ? means : Lanes.zero
            for panel in 0..<panelCount {
                ((features(panel) - shift) * factor).storeNarrow(y + panel * 8)
            }
        }
    }
}
