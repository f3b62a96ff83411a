// The emulated build uses this file through a symbolic link.

// Floats made operands of a product in bfloat16.
extension RoundedBuild {
    @inline(never)
    package static func round(
        _ source: UnsafePointer<Float>, count: Int, into target: UnsafeMutablePointer<Float>
    ) {
        for start in stride(from: 0, to: count, by: 16) {
            lanes(source + start).storeNarrow(target + start / 2)
        }
    }

    @inline(never)
    package static func widen(
        _ source: UnsafePointer<Float>, count: Int, into target: UnsafeMutablePointer<Float>
    ) {
        for start in stride(from: 0, to: count, by: 16) {
            store(Lanes(narrow: source + start / 2), floats: target + start)
        }
    }

    @inline(never)
    package static func add(
        _ row: UnsafePointer<Float>, panelCount: Int, to pixels: UnsafeMutablePointer<Float>, count: Int,
        stride: Int
    ) {
        for panel in 0..<panelCount {
            let added = lanes(row + panel * 16)
            var pixel = pixels + panel * 8
            for _ in 0..<count {
                (Lanes(narrow: pixel) + added).storeNarrow(pixel)
                pixel += stride
            }
        }
    }

    @inline(never)
    package static func addScaled(
        _ pixels: UnsafePointer<Float>, stride: Int, count: Int, by row: UnsafePointer<Float>,
        to target: UnsafeMutablePointer<Float>
    ) {
        let factors = lanes(row)
        for index in 0..<count {
            let sum = lanes(target + index * 16)
                .addingProduct(Lanes(narrow: pixels + index * stride), factors)
            store(sum, floats: target + index * 16)
        }
    }

    @inline(never)
    package static func sums(
        _ pixels: UnsafePointer<Float>, panelCount: Int, count: Int, stride: Int,
        into sums: UnsafeMutablePointer<Float>
    ) {
        for panel in 0..<panelCount {
            var sum = Lanes.zero
            var pixel = pixels + panel * 8
            for _ in 0..<count {
                sum += Lanes(narrow: pixel)
                pixel += stride
            }
            store(sum, floats: sums + panel * 16)
        }
    }

    @inline(never)
    package static func pairRows(_ panels: UnsafeMutablePointer<Float>, depth: Int, panelCount: Int) {
        let words = (depth + 1) / 2
        for panel in 0..<panelCount {
            // A word's row never lies behind the rows that it is made of.
            pairSteps(
                UnsafePointer(panels) + panel * depth * 16, depth: depth, stride: 16, wordCount: words,
                into: panels + panel * words * 16, targetStride: 16)
        }
    }

    @inline(never)
    package static func addHalves(
        _ words: UnsafePointer<Float>, count: Int, to sums: UnsafeMutablePointer<Float>
    ) {
        // Two ones of bfloat16.
        let ones = Lanes(repeating: Float(bitPattern: 0x3F80_3F80))
        var sum = Lanes.zero
        for index in 0..<count { sum.accumulatePairs(lanes(words + index * 16), ones) }
        store(lanes(sums) + sum, floats: sums)
    }

    @inline(never)
    package static func addSquares(
        _ words: UnsafePointer<Float>, count: Int, to sums: UnsafeMutablePointer<Float>
    ) {
        var even = Lanes.zero
        var odd = Lanes.zero
        var index = 0
        while index + 1 < count {
            let a = lanes(words + index * 16)
            let b = lanes(words + index * 16 + 16)
            even.accumulatePairs(a, a)
            odd.accumulatePairs(b, b)
            index += 2
        }
        if index < count {
            let a = lanes(words + index * 16)
            even.accumulatePairs(a, a)
        }
        store(lanes(sums) + (even + odd), floats: sums)
    }
}
