import Files
import Images
import Restoration
import Testing

@Suite("Output names")
struct OutputNameTests {
    @Test(
        "the extension changes only when the format does",
        arguments: [
            ("a.png", .same, "a.png"), ("a.JPG", .same, "a.JPG"), ("a", .same, "a"), ("a.png", .png, "a.png"),
            ("a.PNG", .png, "a.PNG"), ("a.jpg", .png, "a.png"), ("b/a.JPEG", .png, "b/a.png"),
            ("a.jpeg", .jpeg, "a.jpeg"),
            ("a.JPG", .jpeg, "a.JPG"), ("a.png", .jpeg, "a.jpg"), ("scan.v2", .png, "scan.v2.png"),
            ("a", .jpeg, "a.jpg"),
        ] as [(String, OutputFormat, String)])
    func names(original: String, format: OutputFormat, expected: String) {
        #expect(OutputName.name(for: Path(original), format: format) == Path(expected))
    }

    @Test("the second name is for two originals that differ in nothing but the extension")
    func secondNames() {
        #expect(OutputName.names(for: Path("a.jpg"), format: .png) == [Path("a.png"), Path("a.jpg.png")])
        #expect(OutputName.names(for: Path("a.png"), format: .png) == [Path("a.png")])
        #expect(OutputName.names(for: Path("a.jpg"), format: .same) == [Path("a.jpg")])
        #expect(OutputName.names(for: Path("scan.v2"), format: .png) == [Path("scan.v2.png")])
    }

    @Test("bytes that are not UTF-8 stay")
    func bytes() {
        let name = Path(bytes: [0xFF] + Array(".jpg".utf8))
        #expect(OutputName.name(for: name, format: .png) == Path(bytes: [0xFF] + Array(".png".utf8)))
    }
}
