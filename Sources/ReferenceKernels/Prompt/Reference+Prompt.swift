extension Reference {
    /// Weights of a prompt before its convolution.
    package struct PromptWeights: Sendable {
        /// The components, which have one shape.
        package var components: [Planes]
        /// (components, feature channels)
        package var linear: Filter

        package init(components: [Planes], linear: Filter) {
            self.components = components
            self.linear = linear
        }
    }

    /// The prompt generation of arXiv 2306.13090, section 3.2, without the following convolution. It mixes components
    /// by softmax(linear(mean of the features)) and resizes the result to the features' size.
    package static func prompt(_ features: Planes, _ weights: PromptWeights) -> Planes {
        resized(
            mixture(weights, means: means(features)), height: features.height, width: features.width)
    }

    /// Returns the mean of each channel over all pixels.
    package static func means(_ x: Planes) -> [Double] {
        let plane = x.height * x.width
        return (0..<x.channels).map {
            x.values[$0 * plane..<($0 + 1) * plane].reduce(0, +) / Double(plane)
        }
    }

    /// Σ softmax(linear(means))ᵢ · componentᵢ.
    package static func mixture(_ weights: PromptWeights, means: [Double]) -> Planes {
        let count = weights.components.count
        var scores = product(
            weights.linear.weights, means, rows: count, depth: means.count, columns: 1)
        for index in 0..<count { scores[index] += weights.linear.bias?[index] ?? 0 }
        var out = weights.components[0]
        out.values = out.values.map { _ in 0 }
        for (factor, component) in zip(softmax(scores), weights.components) {
            for index in out.values.indices { out.values[index] += factor * component.values[index] }
        }
        return out
    }

    /// PyTorch `F.interpolate(mode: "bilinear", align_corners: false, antialias: false)`.
    package static func resized(_ x: Planes, height: Int, width: Int) -> Planes {
        var out = Planes(channels: x.channels, height: height, width: width)
        for y in 0..<height {
            let (top, bottom, down) = neighbours(y, from: x.height, to: height)
            for column in 0..<width {
                let (left, right, across) = neighbours(column, from: x.width, to: width)
                for channel in 0..<x.channels {
                    let upper = x[channel, top, left] * (1 - across) + x[channel, top, right] * across
                    let lower = x[channel, bottom, left] * (1 - across) + x[channel, bottom, right] * across
                    out[channel, y, column] = upper * (1 - down) + lower * down
                }
            }
        }
        return out
    }

    /// Returns the source positions around the centre of a target position, and the weight of the second.
    private static func neighbours(_ index: Int, from source: Int, to target: Int) -> (Int, Int, Double) {
        let centre = (Double(index) + 0.5) * Double(source) / Double(target) - 0.5
        let inside = max(centre, 0)
        let first = min(Int(inside), source - 1)
        return (first, min(first + 1, source - 1), inside - Double(first))
    }
}
