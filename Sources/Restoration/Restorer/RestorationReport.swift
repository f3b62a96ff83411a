import PromptIR

/// What was done to a picture.
package struct RestorationReport: Sendable, Equatable {
    /// The scales at which it was restored, and why others were not used.
    package let scales: ScaleReport
    /// The part of the restored picture in the result; the rest is the original.
    package let strength: Double
    /// How much the picture was changed.
    package let change: PictureChange
}
