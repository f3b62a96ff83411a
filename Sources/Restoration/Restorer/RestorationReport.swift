import PromptIR

/// What was done to a picture.
package struct RestorationReport: Sendable, Equatable {
    /// The scales at which it was restored, and why others were not used.
    package let scales: ScaleReport
    /// How much the picture was changed.
    package let change: PictureChange
}
