/// A run of parameters for a step of AdamW, see `AdamStep`.
package struct AdamOperands {
    /// `count` floats each; no buffer overlaps another.
    package var parameters: UnsafeMutablePointer<Float>
    package var gradients: UnsafePointer<Float>
    package var firstMoments: UnsafeMutablePointer<Float>
    package var secondMoments: UnsafeMutablePointer<Float>
    package var count: Int

    package init(
        parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
        firstMoments: UnsafeMutablePointer<Float>, secondMoments: UnsafeMutablePointer<Float>, count: Int
    ) {
        self.parameters = parameters
        self.gradients = gradients
        self.firstMoments = firstMoments
        self.secondMoments = secondMoments
        self.count = count
    }
}

/// The factors of a step of AdamW, which are the same for all parameters.
package struct AdamFactors: Sendable {
    /// Multiplies the gradients.
    package var gradient: Float
    /// Multiplies the parameters: one less the weight decay's share.
    package var keep: Float
    /// What the gradient contributes to the first moment.
    package var firstShare: Float
    /// What is left of the second moment, and what the gradient contributes to it.
    package var secondKeep: Float
    package var secondShare: Float
    /// The learning rate with the first moment's bias correction.
    package var stepSize: Float
    /// The second moment's bias correction.
    package var rootCorrection: Float
    package var epsilon: Float

    package init(
        gradient: Float, keep: Float, firstShare: Float, secondKeep: Float, secondShare: Float,
        stepSize: Float, rootCorrection: Float, epsilon: Float
    ) {
        self.gradient = gradient
        self.keep = keep
        self.firstShare = firstShare
        self.secondKeep = secondKeep
        self.secondShare = secondShare
        self.stepSize = stepSize
        self.rootCorrection = rootCorrection
        self.epsilon = epsilon
    }
}
