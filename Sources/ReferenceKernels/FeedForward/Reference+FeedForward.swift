extension Reference {
    /// Weights of the gated feed-forward.
    package struct FeedForwardWeights: Sendable {
        package var hiddenChannels: Int
        /// (2·hidden, channels)
        package var projectIn: Filter
        /// (2·hidden, 9)
        package var depthwise: Filter
        /// (channels, hidden)
        package var projectOut: Filter

        package init(hiddenChannels: Int, projectIn: Filter, depthwise: Filter, projectOut: Filter) {
            self.hiddenChannels = hiddenChannels
            self.projectIn = projectIn
            self.depthwise = depthwise
            self.projectOut = projectOut
        }
    }

    /// Restormer's GDFN (arXiv 2111.09881, section 3.2), without the preceding norm and the following sum.
    package static func feedForward(_ x: Planes, _ weights: FeedForwardWeights) -> Planes {
        let hidden = weights.hiddenChannels
        let projected = depthwise3x3(
            pointwise(x, outputChannels: 2 * hidden, weights.projectIn), weights.depthwise)
        let gated = gate(projected.channels(0..<hidden), projected.channels(hidden..<2 * hidden))
        return pointwise(gated, outputChannels: x.channels, weights.projectOut)
    }
}
