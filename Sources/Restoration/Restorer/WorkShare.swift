/// How much of the network's work on one picture is done, over all of its scales, orientations and tiles. The work on a
/// piece is proportional to its pixels.
struct WorkShare {
    private let totalPixelCount: Int
    private var donePixelCount = 0

    /// - Parameter totalPixelCount: of all pieces together.
    init(totalPixelCount: Int) {
        self.totalPixelCount = max(totalPixelCount, 1)
    }

    /// Returns the share of everything when so much of the next piece is done.
    func share(with pieceShare: Double, of pixelCount: Int) -> Double {
        min(1, (Double(donePixelCount) + pieceShare * Double(pixelCount)) / Double(totalPixelCount))
    }

    mutating func finish(_ pixelCount: Int) {
        donePixelCount += pixelCount
    }
}
