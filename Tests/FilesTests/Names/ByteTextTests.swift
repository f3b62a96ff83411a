import Files
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

    @Test(arguments: [
        ("abc", 3, "abc"), ("abc", 2, "ab"), ("abc", 9, "abc"), ("aé", 2, "a"), ("aé", 3, "aé"),
        ("🏔️x", 3, ""),
        ("雨雨", 5, "雨"), ("", 4, ""), ("a", -1, ""),
    ])
    func aPrefixIsNotCutInsideACharacter(text: String, count: Int, expected: String) {
        #expect(ByteText.prefix(Array(text.utf8), atMost: count) == Array(expected.utf8))
    }

    @Test func aPrefixOfBytesThatAreNoTextIsCutAnywhere() {
        #expect(ByteText.prefix([UInt8](repeating: 0x80, count: 9), atMost: 6).count == 6)
        #expect(ByteText.prefix([0x61] + [UInt8](repeating: 0x80, count: 9), atMost: 6).count == 6)
    }

    @Test func numbersHaveAllTheirDigits() {
        #expect(ByteText.hexadecimal(UInt64(0xAB)) == "00000000000000ab")
        #expect(ByteText.hexadecimal(UInt8(0xA), uppercase: true) == "0A")
        #expect(ByteText.hexadecimal(UInt16.max) == "ffff")
    }
}
