import Files

/// The way from the inbox to a folder below it. The pictures of a folder share one, so that a long way takes its memory
/// once and not once for each picture.
final class FolderPath: Hashable, CustomStringConvertible, Sendable {
    /// Nil for a folder directly below the inbox.
    let parent: FolderPath?
    let name: FileName
    /// 1 for a folder directly below the inbox.
    let depth: Int
    /// Of the names joined by slashes.
    let byteCount: Int
    /// Seeded in each process: whoever chooses the names cannot have them collide.
    private let hash: Int

    init(_ parent: FolderPath?, _ name: FileName) {
        self.parent = parent
        self.name = name
        depth = (parent?.depth ?? 0) + 1
        byteCount = (parent.map { $0.byteCount + 1 } ?? 0) + name.bytes.count
        var hasher = Hasher()
        hasher.combine(parent?.hash)
        hasher.combine(name)
        hash = hasher.finalize()
    }

    /// Nil for no names: the inbox itself.
    static func of(_ names: [FileName]) -> FolderPath? {
        names.reduce(nil) { FolderPath($0, $1) }
    }

    /// The names from the inbox to the folder.
    var names: [FileName] {
        var names: [FileName] = []
        var folder: FolderPath? = self
        while let current = folder {
            names.append(current.name)
            folder = current.parent
        }
        return names.reversed()
    }

    /// The path for a log line, escaped.
    var description: String { RelativeName(in: parent, name).description }

    static func == (left: FolderPath, right: FolderPath) -> Bool {
        if left === right { return true }
        return left.hash == right.hash && left.byteCount == right.byteCount && left.name == right.name
            && left.parent == right.parent
    }

    func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    /// Compares name by name from the inbox; a folder comes before those in it. Nil where both are the same.
    static func precedes(_ left: FolderPath?, _ right: FolderPath?) -> Bool? {
        guard let left else { return right == nil ? nil : true }
        guard let right else { return false }
        if left === right { return nil }
        if left.depth > right.depth { return precedes(left.parent, right) ?? false }
        if left.depth < right.depth { return precedes(left, right.parent) ?? true }
        if let decided = precedes(left.parent, right.parent) { return decided }
        return left.name == right.name ? nil : left.name < right.name
    }
}
