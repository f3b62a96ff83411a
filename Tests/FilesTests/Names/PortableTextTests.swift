import Files
import Foundation
import Testing

@Suite struct PortableTextTests {
    @Test(arguments: ["", "a/b.png", "Grüße 雨 🏔️.png", "e\u{301}", "\\xe9"])
    func textStaysAsItIs(text: String) {
        #expect(Array(PortableText.text(of: Array(text.utf8)).utf8) == Array(text.utf8))
        #expect(PortableText.bytes(of: text) == Array(text.utf8))
    }

    /// Random bytes between characters, the private ones among them: all come back, and no two texts are one.
    @Test func anyBytesComeBack() {
        var seen: [[UInt8]: [UInt8]] = [:]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<5)).flatMap { _ -> [UInt8] in
                Bool.random()
                    ? [UInt8.random(in: 0...255)]
                    : Array(
                        ["a", "é", "\u{F00E9}", "\u{F0000}", "雨", "\u{F0100}"].randomElement()?.utf8
                            ?? "".utf8)
            }
            let text = PortableText.text(of: bytes)
            #expect(PortableText.bytes(of: text) == bytes)
            let other = seen.updateValue(bytes, forKey: Array(text.utf8))
            #expect(other == nil || other == bytes)
        }
    }

    @Test func aPathSurvivesJSON() throws {
        let paths = [Path(bytes: [0x61, 0xE9, 0x2F, 0xFF]), "plain é"]
        let data = try JSONEncoder().encode(paths)
        #expect(try JSONDecoder().decode([Path].self, from: data) == paths)
        #expect(
            String(decoding: try JSONEncoder().encode(["data": Path("a")]), as: UTF8.self) == #"{"data":"a"}"#
        )
    }
}
