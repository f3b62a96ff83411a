import Files
import Spool
import Testing

@Suite("Names")
struct NameTests {
    @Test(arguments: ["", ".", "..", "a/b", "a\0b", String(repeating: "x", count: 256)])
    func impossibleNamesAreRefused(_ text: String) {
        #expect(FileName(text) == nil)
    }

    @Test(arguments: ["/a", "a/", "a//b", "../a", "a/../b", "./a", ""])
    func pathsThatEscapeAreRefused(_ text: String) {
        #expect(RelativeName(text) == nil)
    }

    @Test(arguments: [
        ("plain é.png", "plain é.png"), ("a\nb", "a\\x0ab"), ("a\\n", "a\\\\n"), ("\u{1B}[31m", "\\x1b[31m"),
        ("\u{202E}gnp", "\\xe2\\x80\\xaegnp"), ("\u{2028}", "\\xe2\\x80\\xa8"), ("\u{85}", "\\xc2\\x85"),
    ])
    func namesAreShownInOneLine(_ text: String, _ expected: String) throws {
        #expect(try #require(FileName(text)).description == expected)
    }

    @Test func bytesThatAreNoTextAreShown() throws {
        #expect(try #require(FileName(bytes: [0x61, 0xFF, 0x5C])).description == "a\\xff\\\\")
    }

    @Test(arguments: [
        ("a.png", NamePolicy.Judgement.picture), ("A.PNG", .picture), ("a.JpEg", .picture),
        ("a.jpg", .picture),
        (".a.png", .temporary), ("a.png.part", .temporary), ("a.PARTIAL", .temporary), ("a.png~", .temporary),
        ("a.crdownload", .temporary), ("a.filepart", .temporary), ("a.tmp", .temporary),
        ("Thumbs.db", .temporary),
        ("desktop.ini", .temporary), (".DS_Store", .temporary), ("a.txt", .other), ("a.JFIF", .picture),
        ("a.jpe", .picture), ("png", .other),
        ("apng", .other), ("a.png.txt", .other), ("Thumbs.db.png", .picture),
    ])
    func namesAreJudged(_ text: String, _ expected: NamePolicy.Judgement) throws {
        #expect(NamePolicy.judge(try #require(FileName(text))) == expected)
    }

    @Test(
        arguments: [
            ("d/a.jpg", ["a.jpg"], ["d/a.jpg", "d/a~"]),
            ("a.jpg", ["a.png", "a.jpg.png"], ["a.png", "a.jpg.png", "a~"]),
            ("a.b.jpeg", ["a.b.png", "a.b.jpeg.png"], ["a.b.png", "a.b.jpeg.png", "a.b~"]),
        ] as [(String, [String], [String])])
    func outputsHaveANameThatIsNoOthers(_ source: String, _ wanted: [String], _ expected: [String]) throws {
        let names = outputNames(
            for: try #require(RelativeName(source)), names: wanted.compactMap { FileName($0) })
        #expect(names.count == expected.count)
        for (name, beginning) in zip(names, expected) {
            #expect(name.description.hasPrefix(beginning))
            #expect(name.description.split(separator: ".").last == wanted[0].split(separator: ".").last)
        }
    }

    @Test(arguments: 245...255)
    func longNamesStayNames(_ byteCount: Int) throws {
        let text = String(repeating: "x", count: byteCount - 4) + ".png"
        let name = try #require(RelativeName(text))
        for fileExtension in [nil, "png", "jpg", "jpeg"] {
            for output in outputNames(for: name, names: names(of: name, fileExtension)) {
                #expect(output.last.bytes.count <= FileName.maximumByteCount)
            }
        }
        #expect(reasonName(for: name.last).bytes.count <= FileName.maximumByteCount)
    }
}
