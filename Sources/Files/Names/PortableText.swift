/// Represents any bytes as text, reversibly, for interfaces that accept only text: the command-line parser
/// and JSON.
///
/// Valid UTF-8 is unchanged. A byte that belongs to no character becomes the private character U+F0000 plus
/// the byte. If these private characters occur themselves, their bytes are represented in the same way.
package enum PortableText {
    private static let first: UInt32 = 0xF0000

    package static func text(of bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        var text = String.UnicodeScalarView()
        func append(raw bytes: ArraySlice<UInt8>) {
            text.append(contentsOf: bytes.compactMap { Unicode.Scalar(first + UInt32($0)) })
        }
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var place = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .emptyInput: return String(text)
            case .error(let length):
                append(raw: bytes[place..<place + length])
                place += length
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                if (first...first + 0xFF).contains(scalar.value) {
                    append(raw: bytes[place..<place + encoded.count])
                } else {
                    text.append(scalar)
                }
                place += encoded.count
            }
        }
    }

    package static func bytes(of text: String) -> [UInt8] {
        text.unicodeScalars.flatMap { scalar in
            (first...first + 0xFF).contains(scalar.value)
                ? [UInt8(scalar.value - first)] : Array(String(scalar).utf8)
        }
    }

    /// The program's arguments without its name. `CommandLine.arguments` lacks the bytes that are not UTF-8.
    package static var arguments: [String] {
        CommandLine.rawArguments.dropFirst().map(text)
    }
}

extension Path {
    /// Creates the path that a text of ``PortableText`` represents.
    package init(portableText text: String) {
        self.init(bytes: PortableText.bytes(of: text))
    }

    package var portableText: String { PortableText.text(of: bytes) }
}

extension Path: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(portableText: try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(portableText)
    }
}

extension CommandLine {
    /// The arguments as the kernel passed them.
    fileprivate static var rawArguments: [[UInt8]] {
        (0..<Int(argc)).compactMap { index in
            unsafeArgv[index].map { argument in
                var end = argument
                while end.pointee != 0 { end += 1 }
                return UnsafeBufferPointer(start: argument, count: end - argument).map(
                    UInt8.init(bitPattern:))
            }
        }
    }
}
