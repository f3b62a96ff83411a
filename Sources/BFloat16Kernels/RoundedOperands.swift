// The emulated build uses this file through a symbolic link.

import Products

// The operands of a product in float32, rounded for the same product in bfloat16. Words beyond the depth are zero.
extension RoundedBuild {
    @inline(never)
    package static func roundRows(
        of operands: ProductOperands, _ rows: Range<Int>, wordCount: Int,
        into target: UnsafeMutablePointer<Float>, stride: Int
    ) {
        let wholes = operands.depth / 16 * 16
        for row in rows {
            var source = operands.a + row * operands.rowStride
            let words = target + (row - rows.lowerBound) * stride
            var word = 0
            for _ in 0..<operands.segmentCount {
                for start in Swift.stride(from: 0, to: wholes, by: 16) {
                    lanes(source + start).storeNarrow(words + word)
                    word += 8
                }
                source += operands.segmentStride
            }
            if wholes < operands.depth {
                // Runs that are not of whole panels come alone.
                let rest = operands.a + row * operands.rowStride + wholes
                var last = Lanes.zero
                for lane in 0..<operands.depth - wholes { last[lane] = rest[lane] }
                last.storeNarrow(words + word)
                word += 8
            }
            for place in Swift.stride(from: word, to: wordCount, by: 1) { words[place] = 0 }
        }
    }

    @inline(never)
    package static func pairSteps(
        _ source: UnsafePointer<Float>, depth: Int, stride: Int, wordCount: Int,
        into target: UnsafeMutablePointer<Float>, targetStride: Int
    ) {
        let wholes = min(depth / 2, wordCount)
        pairPixels(
            source, source + stride, count: wholes, stride: 2 * stride, into: target,
            targetStride: targetStride)
        for word in wholes..<wordCount {
            let words = target + word * targetStride
            if 2 * word < depth {
                pairPixels(
                    source + 2 * word * stride, nil, count: 1, stride: stride, into: words,
                    targetStride: targetStride)
            } else {
                store(Lanes.zero, floats: words)
            }
        }
    }

    @inline(never)
    package static func pairPixels(
        _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>?, count: Int, stride: Int,
        into target: UnsafeMutablePointer<Float>, targetStride: Int
    ) {
        for lane in Swift.stride(from: 0, to: 16, by: Vector.scalarCount) {
            var low = first + lane
            var words = target + lane
            guard var high = second.map({ $0 + lane }) else {
                for _ in 0..<count {
                    load(low).storeRounded(withHigh: .zero, words)
                    low += stride
                    words += targetStride
                }
                continue
            }
            for _ in 0..<count {
                load(low).storeRounded(withHigh: load(high), words)
                low += stride
                high += stride
                words += targetStride
            }
        }
    }
}
