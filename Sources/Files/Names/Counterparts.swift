/// Finds the file that belongs to another one by name: the file with the same relative path, or else the only
/// file that differs just in its extension.
package struct Counterparts: Sendable {
    private let names: Set<Path>
    private let byStem: [Path: [Path]]

    /// - Parameter names: paths relative to their folder.
    package init(_ names: [Path]) {
        self.names = Set(names)
        byStem = Dictionary(grouping: names) { $0.replacingExtension(with: "") }
    }

    /// Returns nil if there is no counterpart, or if several files differ only in their extensions.
    package func counterpart(of name: Path) -> Path? {
        if names.contains(name) { return name }
        let candidates = byStem[name.replacingExtension(with: ""), default: []]
        return candidates.count == 1 ? candidates[0] : nil
    }
}
