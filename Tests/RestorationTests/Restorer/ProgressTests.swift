import Images
import PromptIR
import Restoration
import RestorationTestSupport
import Testing

@Suite("Progress within a picture")
struct ProgressTests {
    @Test(
        "shares grow to 1 over scales, orientations and tiles, and change no byte",
        arguments: [
            RestorationOptions(), RestorationOptions(scales: .factors([1, 2])),
            RestorationOptions(tile: .size(64)), RestorationOptions(usesSelfEnsemble: true),
        ])
    func shares(options: RestorationOptions) throws {
        let file = try TestPictures.file(width: 200, height: 140)
        let restorer = try TestModel.restorer(options)
        let session = ForwardSession(network: restorer.network, threadCount: 2)
        var shares: [Double] = []
        let picture = try restorer.restore(
            PictureSource(file), session: session, onShare: { shares.append($0) }, deliver: { $0 })
        #expect(shares.count > 30 && shares == shares.sorted())
        #expect(shares.allSatisfy { (0...1).contains($0) } && abs((shares.last ?? 0) - 1) < 1e-9)
        #expect(picture.bytes == (try restorer.restore(file, session: session)).bytes)
    }
}
