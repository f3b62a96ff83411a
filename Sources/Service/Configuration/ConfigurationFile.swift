import Glibc
import TOMLKit

/// The configuration file: flat TOML, one key per setting.
package struct ConfigurationFile: Sendable {
    /// A configuration is a page of text. A larger file is another file.
    package static let maximumByteCount = 1 << 20

    package let path: String
    package let values: [String: RawSetting]

    /// Reads and parses the file.
    /// - Throws: `ConfigurationError` naming the path, and the line for a fault of syntax.
    package init(path: String) throws {
        try self.init(path: path, text: Self.readText(path))
    }

    package init(path: String, text: String) throws {
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

    private static func readText(_ path: String) throws -> String {
        func refusal(_ found: String) -> ConfigurationError {
            ConfigurationError(
                source: .file(path: path),
                expected: "a readable text file of at most \(maximumByteCount) bytes", found: found)
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw refusal(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: maximumByteCount + 1)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw refusal(String(cString: strerror(errno))) }
            if got == 0 { break }
            count += got
        }
        guard count <= maximumByteCount else { throw refusal("more") }
        // The parser takes a C string: what follows a NUL would be ignored in silence.
        guard !bytes[..<count].contains(0) else { throw refusal("a NUL byte in it") }
        guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw refusal("bytes that are not UTF-8")
        }
        return text
    }
}
