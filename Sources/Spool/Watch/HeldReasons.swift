/// Why pictures of the inbox cannot be claimed: for each folder the last refusal, with the picture that it concerned. As
/// each of them is tried again at every rescan, the last one is never old.
struct HeldReasons: Sendable {
    static let folderLimit = 100

    private var last: [FolderPath?: (name: RelativeName, reason: String)] = [:]

    mutating func note(_ name: RelativeName, _ reason: String) {
        guard last[name.place] != nil || last.count < Self.folderLimit else { return }
        last[name.place] = (name, reason)
    }

    mutating func forget(_ name: RelativeName) {
        if last[name.place]?.name == name { last[name.place] = nil }
    }

    /// The reason of the first picture that is held still; nil if none is held for a refusal.
    func text(_ isHeld: (RelativeName) -> Bool) -> String? {
        last.values.filter { isHeld($0.name) }.min { $0.name < $1.name }?.reason
    }
}
