import Files
import Foundation
import Testing

@Suite struct ByteTextTests {
    @Test(arguments: [
        ("plain é.png", "plain é.png"), ("a\nb", "a\\x0ab"), ("a\\n", "a\\\\n"), ("\u{1B}[31m", "\\x1b[31m"),
        ("\u{202E}gnp", "\\xe2\\x80\\xaegnp"), ("\u{2028}", "\\xe2\\x80\\xa8"), ("\u{85}", "\\xc2\\x85"),
        ("", ""),
    ])
    func whatCouldForgeALineIsEscaped(text: String, expected: String) {
        #expect(ByteText.escaped(Array(text.utf8)) == expected)
    }

    @Test func bytesThatAreNoTextAreEscaped() {
        #expect(ByteText.escaped([0x61, 0xFF, 0x5C]) == "a\\xff\\\\")
        #expect(ByteText.escaped([0x61, 0xFF, 0x5C], isReversible: false) == "a\\xff\\")
        #expect(ByteText.hexadecimal([0, 0xAB, 0xFF]) == "00abff")
    }

    /// Random bytes, half of them within text: one harmless line, and never the same for two names.
    @Test func differentBytesGiveDifferentLines() {
        var random = SystemRandomNumberGenerator()
        var seen: [[UInt8]: [UInt8]] = [:]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<4)).flatMap { _ -> [UInt8] in
                Bool.random(using: &random)
                    ? [UInt8.random(in: 0...255)]
                    : Array(["\\", "x", "0a", "é", "\u{202E}"].randomElement()?.utf8 ?? "".utf8)
            }
            let line = ByteText.escaped(bytes)
            #expect(!line.unicodeScalars.contains { ByteText.isUnsafe($0) }, "\(bytes)")
            // By bytes: to Swift, texts are equal that look alike.
            let other = seen.updateValue(bytes, forKey: Array(line.utf8))
            #expect(other == nil || other == bytes, "\(bytes) and \(other ?? [])")
        }
    }
}

@Suite struct JSONTextTests {
    @Test(arguments: ["", "a\"b\\c\n\r\t\u{0}\u{7F}\u{2028}\u{202E}", "é 🏔️ 𝄞", "\u{E0001}x"])
    func anyTextComesBack(text: String) throws {
        let quoted = JSONText.quoted(text)
        #expect(!quoted.unicodeScalars.contains { ByteText.isUnsafe($0) })
        let object = try JSONSerialization.jsonObject(with: Data("[\(quoted)]".utf8)) as? [String]
        #expect(object == [text])
    }

    @Test func anObjectKeepsItsOrder() {
        var object = JSONObject()
        object.set("b", 1)
        object.set("a", String?.none)
        object.set("c", true)
        object.set("d", ["y": "2", "x": "1"])
        #expect(object.text == #"{"b": 1, "a": null, "c": true, "d": {"x": "1", "y": "2"}}"#)
    }
}

@Suite struct TemporaryNamesTests {
    @Test(arguments: [
        ("a.png", false), (".a.png", true), ("a.PART", true), ("a.png.partial", true), ("a~", true),
        ("Thumbs.db", true), ("my thumbs.db", false), ("DESKTOP.INI", true), (".DS_Store", true),
        ("a.crdownload", true), ("a.filepart", true), ("part", false), ("tmp.png", false), ("", true),
    ])
    func theListIsOne(name: String, isTemporary: Bool) {
        #expect(TemporaryNames.contains(Array(name.utf8)) == isTemporary)
    }
}

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (4_102_444_799, "2099-12-31T23:59:59Z"),
    ])
    func timesAreRFC3339(seconds: Int, expected: String) {
        #expect(Timestamp.text(.seconds(seconds)) == expected)
        #expect(Timestamp.text(seconds: seconds, nanoseconds: 999_999_999).hasSuffix(".999Z"))
    }
}
