import Files
import Images

/// Files that a batch leaves alone because they must be converted first.
package struct LeftAlone: Sendable, Equatable, CustomStringConvertible {
    private var counts: [ForeignFormat: Int] = [:]

    package init() {}

    package var isEmpty: Bool { counts.isEmpty }

    /// Counts the file if the extension of its name says that it is such a file.
    mutating func note(_ file: Path) {
        guard let format = ForeignFormat(fileExtension: file.lowercasedExtension) else { return }
        counts[format, default: 0] += 1
    }

    /// The number of files by format, most first, and how the first of these formats is converted.
    package var description: String {
        let ranks = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        guard let first = ranks.first else { return "no other files" }
        let total = counts.values.reduce(0, +)
        return "\(total) other file\(total == 1 ? "" : "s") left alone: "
            + ranks.map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", ")
            + "; convert them first, for example with \(first.key.conversion)"
    }
}
