/// A name or path whose value is its bytes, not a text, because the kernel knows no encoding. Its description
/// is meant for people and safe in one line.
package protocol ByteNamed: CustomStringConvertible, Sendable {
    var bytes: [UInt8] { get }
}

/// Turns arbitrary bytes into text for people.
package enum ByteText {
    /// Returns the bytes as one safe line of text. Control characters, invisible characters that change the
    /// writing direction, and bytes that are not UTF-8 become `\xNN`.
    ///
    /// - Parameter isReversible: also doubles the backslash, so that different bytes give different texts.
    package static func escaped(_ bytes: [UInt8], isReversible: Bool = true) -> String {
        var text = String.UnicodeScalarView()
        func append(escaping byte: UInt8) {
            text.append(contentsOf: ["\\", "x", digits[Int(byte >> 4)], digits[Int(byte & 15)]])
        }
        func append(_ scalar: Unicode.Scalar) {
            if scalar == "\\", isReversible { text.append(scalar) }
            text.append(scalar)
        }
        guard let valid = String(validating: bytes, as: UTF8.self) else {
            for byte in bytes {
                if (0x20..<0x7F).contains(byte) {
                    append(Unicode.Scalar(byte))
                } else {
                    append(escaping: byte)
                }
            }
            return String(text)
        }
        for scalar in valid.unicodeScalars {
            if isUnsafe(scalar) {
                for byte in String(scalar).utf8 { append(escaping: byte) }
            } else {
                append(scalar)
            }
        }
        return String(text)
    }

    /// Returns the text as one safe line for people; its backslashes stay.
    package static func oneLine(_ text: String) -> String { escaped(Array(text.utf8), isReversible: false) }

    /// Returns the first bytes, at most `count`, without cutting a character.
    package static func prefix(_ bytes: [UInt8], atMost count: Int) -> [UInt8] {
        func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
        var end = min(max(count, 0), bytes.count)
        // A character has at most three continuation bytes. A longer run is not text and may be cut anywhere.
        let begin = bytes[..<end].lastIndex { !isContinuation($0) }
        if end < bytes.count, isContinuation(bytes[end]), let begin, end - begin <= 3 { end = begin }
        return Array(bytes[..<end])
    }

    /// Whether a scalar could forge a line, control a terminal, or hide or reorder its neighbours.
    package static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }

    /// Returns two hexadecimal digits for each byte.
    package static func hexadecimal(_ bytes: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]]) }
        return String(text)
    }

    /// Returns as many hexadecimal digits as the number's type can hold.
    package static func hexadecimal<Number: FixedWidthInteger & UnsignedInteger>(
        _ value: Number, uppercase: Bool = false
    ) -> String {
        let digits = String(value, radix: 16, uppercase: uppercase)
        return String(repeating: "0", count: Number.bitWidth / 4 - digits.count) + digits
    }

    private static let digits = Array("0123456789abcdef".unicodeScalars)
}
