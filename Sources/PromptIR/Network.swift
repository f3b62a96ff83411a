import Tensors

/// The network's weights, prepared for the processor. Immutable, shared by every session.
public final class Network: Sendable {
    /// Reads every width and depth from the tensors' shapes and prepares the weights.
    public init(weights: some WeightSource) throws {
    }
}

/// One forward pass at a time: owns the working memory. Make one per concurrent image.
public final class ForwardSession {
    /// - Parameter threadCount: how many cores one forward pass may use.
    public init(network: Network, threadCount: Int) {
    }

    /// Runs the network on one (3, H, W) image of any size from 1×1 and returns (3, H, W): the input is added,
    /// nothing is clamped. `onProgress` is called many times during a pass (for a watchdog), from any thread.
    public func forward(_ input: ImageTensor, onProgress: (@Sendable () -> Void)? = nil) throws -> ImageTensor
    {
        input
    }
}
