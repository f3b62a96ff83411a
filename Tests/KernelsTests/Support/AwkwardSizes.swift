/// Sizes at which kernels go wrong: one, and around every width that they work in.
enum AwkwardSizes {
    /// Around registers of 8 and 16 floats, and panels.
    static let channels = [1, 7, 8, 9, 15, 16, 17, 24, 31, 33, 48]

    /// Height and width: a single pixel, a row, a column, odd and even sizes, maps narrower than a strip and over
    /// several strips (a strip has about 64 columns; two rows of strips begin at 16 rows; a band has 272 pixels).
    static let maps = [(1, 1), (1, 9), (7, 1), (3, 5), (8, 8), (2, 95), (5, 97), (17, 33), (33, 130)]
        .map(MapSize.init)

    /// Maps whose halves are whole.
    static let evenMaps = [(2, 2), (2, 10), (6, 4), (8, 98), (18, 130), (34, 66)].map(MapSize.init)
}

struct MapSize: Sendable, CustomStringConvertible {
    let height: Int
    let width: Int

    init(height: Int, width: Int) {
        self.height = height
        self.width = width
    }

    var pixelCount: Int { height * width }
    var description: String { "\(height)×\(width)" }
}
