import Images
import PromptIR

/// The memory that photographs of a given size take, as a restorer plans it before it reads them.
package struct MemoryNeed: Sendable {
    private let network: Network
    private let options: RestorationOptions

    package init(network: Network, options: RestorationOptions) {
        self.network = network
        self.options = options
    }

    /// Returns what a JPEG with three samples in a pixel takes, of half a byte in the file for each pixel and sides in the
    /// ratio of 4 to 3.
    ///
    /// - Returns: the bytes that are reserved with one thread, and whether the picture is restored whole.
    package func callAsFunction(ofPixelCount pixelCount: Int) -> (byteCount: Int, isWhole: Bool) {
        let height = max(1, Int((Double(pixelCount) * 0.75).squareRoot()))
        let width = max(1, pixelCount / height)
        let head = PictureHead(
            header: PictureHeader(format: .jpeg, width: width, height: height),
            fileByteCount: pixelCount / 2, pixelByteCount: 3)
        var tiles = PictureTiles(network: network, options: options, head: head, threadCount: 1)
        return (tiles.reservedByteCount, tiles.plan(height: height, width: width) == nil)
    }
}
