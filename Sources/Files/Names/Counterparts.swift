/// Finds the file that belongs to another one by name: the one of the same relative path, or else the only one that
/// differs in the extension alone.
package struct Counterparts: Sendable {
    private let names: Set<Path>
    private let byStem: [Path: [Path]]

    /// - Parameter names: relative to their folder.
    package init(_ names: [Path]) {
        self.names = Set(names)
        byStem = Dictionary(grouping: names) { $0.replacingExtension(with: "") }
    }

    /// Nil where there is none, or where several differ in the extension alone.
    package func counterpart(of name: Path) -> Path? {
        if names.contains(name) { return name }
        let candidates = byStem[name.replacingExtension(with: ""), default: []]
        return candidates.count == 1 ? candidates[0] : nil
    }
}
