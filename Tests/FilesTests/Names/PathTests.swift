import Files
import Testing

@Suite("Path")
struct PathTests {
    @Test(
        "splits into folder and name",
        arguments: [
            ("a", ".", "a"), ("/", "/", ""), ("/a", "/", "a"), ("a/b", "a", "b"), ("/a/b/", "/a", "b"),
            ("//a", "/", "a"),
            ("a//", ".", "a"), ("", ".", ""),
        ])
    func split(path: String, folder: String, name: String) {
        #expect(Path(path).folder == Path(folder))
        #expect(Path(path).name == Path(name))
    }

    @Test(
        "extensions are what follows the name's last dot",
        arguments: [
            ("a.PNG", "png"), ("a.tar.gz", "gz"), (".hidden", ""), ("a.b/c", ""), ("a.", ""), ("x/.jpg", ""),
        ])
    func extensions(path: String, expected: String) {
        #expect(Path(path).lowercasedExtension == expected)
    }

    @Test("replaces and appends")
    func replacing() {
        #expect(Path("a/b.jpeg").replacingExtension(with: "png") == "a/b.png")
        #expect(Path("a.x/b").replacingExtension(with: "png") == "a.x/b.png")
        #expect(Path("a").appending("b") == "a/b")
        #expect(Path("a/").appending("b") == "a/b")
        #expect(Path("").appending("b") == "b")
    }

    @Test("a description is one line, whatever the name holds")
    func description() {
        #expect(Path("Grüße 雨.png").description == "Grüße 雨.png")
        #expect(Path("a\nb").description == "a\\x0ab")
        #expect(Path(bytes: [0x61, 0xFF, 0x2E]).description == "a\\xff.")
        #expect(Path(bytes: [0x61, 0xFF]).text == nil)
        #expect(
            !Path("a\u{85}b\u{1B}[31m").description.unicodeScalars.contains {
                $0.value < 0x20 || $0.value == 0x85
            })
    }

    @Test("sorts by bytes")
    func order() {
        let names: [Path] = ["b", "a", "Z", "a/b", "10.png", "2.png", "é"]
        #expect(names.sorted() == ["10.png", "2.png", "Z", "a", "a/b", "b", "é"])
    }
}
