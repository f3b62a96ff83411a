import PromptIR

/// What was done to a picture.
public struct RestorationReport: Sendable, Equatable {
    /// At which scales it was restored, and why at no others.
    public let scales: ScaleReport
    /// How much of it is another picture now.
    public let change: PictureChange
}
