/// A file's name or path as the kernel sees it: bytes, which need not be UTF-8.
package struct Path: Hashable, Comparable, ExpressibleByStringLiteral, ByteNamed {
    package let bytes: [UInt8]

    static let separator = UInt8(ascii: "/")
    static let dot = UInt8(ascii: ".")

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    package init(_ string: String) {
        bytes = Array(string.utf8)
    }

    package init(_ name: some ByteNamed) {
        bytes = name.bytes
    }

    package init(stringLiteral value: String) {
        self.init(value)
    }

    /// Orders paths by their bytes, as `LC_ALL=C sort` does.
    package static func < (left: Path, right: Path) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// The path for people, on one line whatever it contains; see `ByteText`.
    package var description: String { ByteText.escaped(bytes, isReversible: false) }

    /// The path as text, or nil if it is not UTF-8.
    package var text: String? { String(validating: bytes, as: UTF8.self) }

    /// The path as text for keys and other programs. If it is not UTF-8, it is escaped and does not identify
    /// the file.
    package var displayText: String { text ?? description }

    /// Returns the path of an entry of this folder.
    package func appending(_ entry: Path) -> Path {
        if bytes.isEmpty {
            return entry
        }
        return Path(
            bytes: bytes.last == Self.separator ? bytes + entry.bytes : bytes + [Self.separator] + entry.bytes
        )
    }

    /// Returns the path with a suffix appended to its name.
    package func addingSuffix(_ suffix: String) -> Path { Path(bytes: bytes + Array(suffix.utf8)) }

    package var withoutTrailingSlashes: Path {
        guard let last = bytes.lastIndex(where: { $0 != Self.separator }) else {
            return Path(bytes: Array(bytes.prefix(1)))
        }
        return Path(bytes: Array(bytes[...last]))
    }

    package var isEmpty: Bool { bytes.isEmpty }

    package var isAbsolute: Bool { bytes.first == Self.separator }

    /// Whether the path begins with a dot.
    package var isHidden: Bool { bytes.first == Self.dot }

    /// The names that the path consists of, without `.` and doubled slashes.
    package var names: [Path] {
        bytes.split(separator: Self.separator).map { Path(bytes: Array($0)) }.filter { $0 != "." }
    }

    /// Returns the part of this path below a folder, comparing only the texts. The result is empty for the
    /// folder itself, and nil if the path does not begin with the folder's.
    package func relative(to folder: Path) -> Path? {
        if bytes == folder.bytes { return Path(bytes: []) }
        let prefix = folder.bytes.last == Self.separator ? folder.bytes : folder.bytes + [Self.separator]
        return bytes.starts(with: prefix) ? Path(bytes: Array(bytes.dropFirst(prefix.count))) : nil
    }

    /// The name after the last slash, ignoring trailing slashes.
    package var name: Path {
        let trimmed = bytes.lastIndex { $0 != Self.separator }.map { bytes[...$0] } ?? []
        let start = trimmed.lastIndex(of: Self.separator).map { $0 + 1 } ?? trimmed.startIndex
        return Path(bytes: Array(trimmed[start...]))
    }

    /// The folder that contains the entry; "." for a bare name.
    package var folder: Path {
        let trimmed = bytes.lastIndex { $0 != Self.separator }.map { bytes[...$0] } ?? []
        guard let slash = trimmed.lastIndex(of: Self.separator) else {
            return trimmed.isEmpty && !bytes.isEmpty ? "/" : "."
        }
        let parent = trimmed[..<slash]
        return parent.isEmpty ? "/" : Path(bytes: Array(parent))
    }

    /// The name's extension without the dot, in lower case; empty if there is none, as in ".hidden".
    package var lowercasedExtension: String {
        guard let dot = extensionDot else { return "" }
        return String(decoding: bytes[(dot + 1)...], as: UTF8.self).lowercased()
    }

    /// Returns the path with another extension (without the dot), which is appended if there was none.
    package func replacingExtension(with new: String) -> Path {
        let stem = extensionDot.map { bytes[..<$0] } ?? bytes[...]
        return Path(bytes: Array(stem) + [Self.dot] + Array(new.utf8))
    }

    private var extensionDot: Int? {
        let nameStart = bytes.lastIndex(of: Self.separator).map { $0 + 1 } ?? 0
        guard let dot = bytes[nameStart...].lastIndex(of: Self.dot), dot > nameStart else { return nil }
        return dot
    }
}
