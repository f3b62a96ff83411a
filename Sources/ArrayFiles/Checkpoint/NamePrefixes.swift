/// The prefixes that training frameworks add to the network's own names.
enum NamePrefixes {
    /// The prefixes of Lightning's attribute, data parallelism, wrappers and `torch.compile`, in any
    /// combination and order.
    static let known = ["net.", "module.", "model.", "_orig_mod."]

    /// Returns the name without prefixes, and the prefixes together.
    static func split(_ name: String) -> (prefix: String, name: Substring) {
        var rest = name[...]
        while let prefix = known.first(where: { rest.hasPrefix($0) && rest.count > $0.count }) {
            rest = rest.dropFirst(prefix.count)
        }
        return (String(name[..<rest.startIndex]), rest)
    }
}
