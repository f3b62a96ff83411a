import Glibc

extension Reference {
    /// Weights of the attention over channels. There are as many heads as temperatures.
    package struct ChannelAttentionWeights: Sendable {
        package var temperature: [Double]
        /// (3·channels, channels)
        package var qkv: Filter
        /// (3·channels, 9)
        package var depthwise: Filter
        /// (channels, channels)
        package var projectOut: Filter

        package init(temperature: [Double], qkv: Filter, depthwise: Filter, projectOut: Filter) {
            self.temperature = temperature
            self.qkv = qkv
            self.depthwise = depthwise
            self.projectOut = projectOut
        }
    }

    /// Restormer's MDTA (arXiv 2111.09881, section 3.1), without the preceding norm and the following sum.
    package static func channelAttention(_ x: Planes, _ weights: ChannelAttentionWeights) -> Planes {
        let channels = x.channels
        let headWidth = channels / weights.temperature.count
        let qkv = depthwise3x3(pointwise(x, outputChannels: 3 * channels, weights.qkv), weights.depthwise)
        var attended = Planes(channels: 0, height: x.height, width: x.width)
        for (head, temperature) in weights.temperature.enumerated() {
            func part(_ index: Int) -> Planes {
                let start = index * channels + head * headWidth
                return qkv.channels(start..<start + headWidth)
            }
            attended = attended.joined(with: attend(part(0), part(1), part(2), temperature: temperature))
        }
        return pointwise(attended, outputChannels: channels, weights.projectOut)
    }

    /// One head: `softmax(q̂ k̂ᵀ · temperature) v`, where the rows of q̂ and k̂ have unit length.
    private static func attend(_ q: Planes, _ k: Planes, _ v: Planes, temperature: Double) -> Planes {
        let (width, plane) = (q.channels, q.height * q.width)
        let (q, k) = (unitRows(q), unitRows(k))
        var attention = [Double](repeating: 0, count: width * width)
        for i in 0..<width {
            for j in 0..<width {
                var sum = 0.0
                for index in 0..<plane { sum += q.values[i * plane + index] * k.values[j * plane + index] }
                attention[i * width + j] = sum * temperature
            }
            let row = i * width..<(i + 1) * width
            attention.replaceSubrange(row, with: softmax(Array(attention[row])))
        }
        return Planes(
            channels: width, height: v.height, width: v.width,
            values: product(attention, v.values, rows: width, depth: width, columns: plane))
    }

    /// Divides each channel by its length over all pixels, at least 1e-12 (PyTorch `F.normalize`).
    private static func unitRows(_ x: Planes) -> Planes {
        var out = x
        let plane = x.height * x.width
        for channel in 0..<x.channels {
            let row = channel * plane..<(channel + 1) * plane
            let length = x.values[row].reduce(0) { $0 + $1 * $1 }.squareRoot()
            for index in row { out.values[index] /= max(length, 1e-12) }
        }
        return out
    }

    /// Returns powers of e, divided by their sum.
    package static func softmax(_ values: [Double]) -> [Double] {
        let largest = values.max() ?? 0
        let powers = values.map { exp($0 - largest) }
        let total = powers.reduce(0, +)
        return powers.map { $0 / total }
    }
}
