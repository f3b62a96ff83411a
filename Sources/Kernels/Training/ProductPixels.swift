import Tensors

/// A picture's features as the rows of a product with weights: pixels of whole panels, which follow each other.
enum ProductPixels: Sendable {
    case float32(FloatRun)
    /// In bfloat16, with two neighbouring channels in a word.
    case mixed(FloatRun)
}

/// The same panel after panel.
enum ProductPanels: Sendable {
    /// Without a border.
    case float32(PixelPanels)
    case mixed(ChannelPairPanels)

    /// The number of floats that some panels take.
    static func count(
        panels: Int, pixelCount: Int, groupSize: Int = 2, in precision: TrainingPrecision
    ) -> Int {
        switch precision {
        case .float32: panels * pixelCount * FeatureMap.lane
        case .mixed:
            ChannelPairPanels.count(panels: panels, pixelCount: pixelCount, groupSize: groupSize)
        }
    }

    /// - Parameter groupSize: see `ChannelPairPanels`.
    init(
        _ run: FloatRun, height: Int, width: Int, groupSize: Int = 2, in precision: TrainingPrecision
    ) {
        switch precision {
        case .float32: self = .float32(PixelPanels(run, height: height, width: width, border: 0))
        case .mixed:
            self = .mixed(ChannelPairPanels(run, pixelCount: height * width, groupSize: groupSize))
        }
    }

    var target: Depthwise3x3.Target {
        switch self {
        case .float32(let panels): .floats(panels)
        case .mixed(let pixels): .channelPairs(pixels)
        }
    }
}
