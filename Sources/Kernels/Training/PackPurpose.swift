/// The pass for which a block's weights are packed.
package enum PackPurpose: Sendable {
    case forward
    /// A backward pass whose forward pass kept its projected features.
    case backward
    /// A backward pass that computes the projected features again.
    case recomputingBackward
}
