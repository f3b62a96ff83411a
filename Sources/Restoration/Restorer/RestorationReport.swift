import PromptIR

/// What was done to a picture.
package struct RestorationReport: Sendable, Equatable {
    /// At which scales it was restored, and why at no others.
    package let scales: ScaleReport
    /// How much of it is another picture now.
    package let change: PictureChange
}
