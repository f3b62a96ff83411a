import Foundation
import Images
import TestSupport
import Testing

/// What the fuzzers of Tests/Fuzz have found worth keeping, through the decoders of the release: none may crash.
struct FuzzCorpusTests {
    @Test(arguments: [
        (target: "png", signature: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        (target: "jpeg", signature: [0xFF, 0xD8, 0xFF]),
    ])
    func `every kept input gives an error or a picture`(target: String, signature: [UInt8]) throws {
        let limits = PictureLimits(maximumWidth: 512, maximumHeight: 512, maximumPixelCount: 1 << 16)
        let inputs = try FuzzCorpus.inputs(of: target)
        #expect(inputs.count > 50)
        var pictureCount = 0
        for input in inputs {
            let bytes = signature + input
            guard let picture = try? PictureCodec.decode(bytes, limits: limits) else { continue }
            pictureCount += 1
            // What was decoded comes back: nothing is turned twice, nothing is lost.
            let again = try PictureCodec.decode(
                try PictureCodec.encode(picture, format: .png), limits: limits)
            #expect(again.samples == picture.samples && again.layout == picture.layout)
        }
        #expect(pictureCount > 0)
    }
}
