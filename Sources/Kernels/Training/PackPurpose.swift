/// What a block's weights are packed for.
package enum PackPurpose: Sendable {
    case forward
    /// The forward pass kept its projected features.
    case backward
    /// The forward pass kept nothing: its projections are computed again.
    case recomputingBackward
}
