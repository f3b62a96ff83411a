import Files
import TOMLKit

/// The configuration file, which is flat TOML with one key per setting.
package struct ConfigurationFile: Sendable {
    /// The largest accepted file. A configuration is a page of text, so a larger file must be something else.
    package static let maximumByteCount = 1 << 20

    package let path: Path
    package let values: [String: RawSetting]

    /// Reads and parses the file.
    /// - Throws: `ConfigurationError` with the path, and for a syntax error the line.
    package init(path: Path) throws {
        try self.init(path: path, text: Self.readText(path))
    }

    package init(path: Path, text: String) throws {
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw ConfigurationError(
                source: .file(path: path), expected: "TOML",
                found: "a fault \(error.source.debugDescription): \(error.description)")
        }
        self.path = path
        var values: [String: RawSetting] = [:]
        for key in table.keys.sorted() {
            guard Setting.named(key) != nil else {
                throw ConfigurationError(
                    source: .file(path: path), key: key, expected: "a known key", found: "an unknown one",
                    advice: Setting.suggestion(for: key).map { "did you mean '\($0)'?" }
                        ?? "see the comments of the shipped promptir-restored.toml for all keys")
            }
            values[key] = table[key].map { RawSetting($0) }
        }
        self.values = values
    }

    private static func readText(_ path: Path) throws -> String {
        func refusal(_ found: String) -> ConfigurationError {
            ConfigurationError(
                source: .file(path: path),
                expected: "a readable text file of at most \(maximumByteCount) bytes", found: found)
        }
        let bytes: [UInt8]
        do throws(FileError) {
            let files = FileSystem()
            bytes = try files.readPieces(
                files.openFile(path: path), expecting: 4096, limit: maximumByteCount + 1)
        } catch {
            throw refusal("\(error.errno)")
        }
        guard bytes.count <= maximumByteCount else { throw refusal("more") }
        // The parser takes a C string, so it would silently ignore everything after a NUL.
        guard !bytes.contains(0) else { throw refusal("a NUL byte in it") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw refusal("bytes that are not UTF-8")
        }
        return text
    }
}
