import Files
import Images
import PromptIR
import Restoration
import TestSupport

/// Pictures, files and the network that these tests work with.
package enum TestPictures {
    /// A picture of noise, the same at every call.
    package static func noise(
        width: Int, height: Int, layout: PixelLayout = .rgb, isSixteenBit: Bool = false,
        format: PictureFormat = .png
    ) -> Picture {
        let count = width * height * layout.channelCount
        let values = Formula.uniform("picture \(layout) \(isSixteenBit)", count: count).map { 0.5 + 0.5 * $0 }
        return Picture(
            width: width, height: height, layout: layout,
            samples: isSixteenBit
                ? .sixteenBit(values.map { UInt16($0 * 65_535) }) : .eightBit(values.map { UInt8($0 * 255) }),
            format: format)
    }

    /// A small picture's file.
    package static func file(
        width: Int = 9, height: Int = 7, layout: PixelLayout = .rgb, format: PictureFormat = .png
    ) throws -> [UInt8] {
        try PictureCodec.encode(noise(width: width, height: height, layout: layout), format: format)
    }
}

/// The model that ships, read once for all tests.
package enum TestModel {
    package static let path = Path(
        SharedFolder.packageRoot.appendingPathComponent("Sources/Restoration/Resources/compact.safetensors")
            .path)

    package static let network: Result<Network, any Error> = Result { try Model.load(path).network }

    /// A restorer of its own for each test.
    package static func restorer(_ options: RestorationOptions = RestorationOptions()) throws -> Restorer {
        Restorer(network: try network.get(), options: options)
    }
}
