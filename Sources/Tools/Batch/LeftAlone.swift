import Files
import Images

/// Files that a batch leaves alone because they must be converted first, and links to folders, which it does not follow
/// because they may lead in circles.
package struct LeftAlone: Sendable, Equatable, CustomStringConvertible {
    private var counts: [ForeignFormat: Int] = [:]
    private var linkCount = 0

    package init() {}

    package var isEmpty: Bool { counts.isEmpty && linkCount == 0 }

    /// Counts the file if the extension of its name says that it is such a file.
    mutating func note(_ file: Path) {
        guard let format = ForeignFormat(fileExtension: file.lowercasedExtension) else { return }
        counts[format, default: 0] += 1
    }

    mutating func noteLinkedFolder() {
        linkCount += 1
    }

    package var description: String {
        [files, links].compactMap(\.self).joined(separator: "; ")
    }

    /// How many links there are, and what to do about them.
    private var links: String? {
        guard linkCount > 0 else { return nil }
        return linkCount == 1
            ? "1 link to a folder not followed; give the folder itself"
            : "\(linkCount) links to folders not followed; give the folders themselves"
    }

    /// The number of files by format, most first, and how the first of these formats is converted.
    private var files: String? {
        let ranks = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        guard let first = ranks.first else { return nil }
        let total = counts.values.reduce(0, +)
        return "\(total) other file\(total == 1 ? "" : "s") left alone: "
            + ranks.map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", ")
            + "; convert them first, for example with \(first.key.conversion)"
    }
}
