import Files
import Images
import Restoration
import RestorationTestSupport
import TestSupport
import Testing
import Tools

@Suite("Evaluation")
struct EvaluationTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("promptir-evaluation")
        try WholeFiles.createFolders(Path(folder.path("restored/sub")))
        try WholeFiles.createFolders(Path(folder.path("clean/sub")))
    }

    private func evaluate() throws -> Evaluation {
        try Evaluation(
            restored: Path(folder.path("restored")), clean: Path(folder.path("clean")), coreCount: 2)
    }

    private func write(_ picture: Picture, to name: String) throws {
        try folder.write(PictureCodec.encode(picture, format: .png), to: name)
    }

    @Test("pairs by path, then without extension; failures are named; means are over the pairs")
    func pairs() throws {
        let clean = TestPictures.noise(width: 16, height: 16)
        var off = clean
        if case .eightBit(let samples) = clean.samples {
            off.samples = .eightBit(samples.map { $0 ^ 1 })
        }
        try write(off, to: "restored/a.png")
        try write(clean, to: "clean/a.png")
        try write(off, to: "restored/sub/b.png")
        try write(clean, to: "clean/sub/b.jpg")
        try write(clean, to: "restored/alone.png")
        try write(TestPictures.noise(width: 4, height: 4), to: "restored/small.png")
        try write(clean, to: "clean/small.png")
        try write(clean, to: "clean/sub/forgotten.png")
        let evaluation = try evaluate()
        #expect(evaluation.comparisons.map(\.picture) == ["a.png", "sub/b.png"])
        #expect(evaluation.failures.map(\.picture) == ["alone.png", "small.png", "sub/forgotten.png"])
        #expect(evaluation.failures.last?.folder == Path(folder.path("clean")))
        // An error of one grey level everywhere.
        let psnr = try #require(evaluation.mean(\.psnr))
        #expect(abs(psnr - 48.130803608) < 1e-6)
        #expect(evaluation.mean(\.ssim).map { $0 > 0.9 && $0 < 1 } == true)
    }

    @Test("equal pictures have an infinite PSNR; tiny ones no SSIM; nothing to compare is an error")
    func edges() throws {
        #expect(throws: EvaluationError.self) { try evaluate() }
        let tiny = TestPictures.noise(width: 3, height: 3)
        try write(tiny, to: "restored/a.png")
        try write(tiny, to: "clean/a.png")
        let evaluation = try evaluate()
        #expect(evaluation.mean(\.psnr) == .infinity)
        #expect(evaluation.mean(\.ssim) == nil)
    }
}
