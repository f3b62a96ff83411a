import Files

/// One of several processes that share an inbox. Each restores the pictures whose names belong to its shard.
///
/// Names that differ only in their picture extensions (`a.jpg`, `a.png`, `a.jpg.png`) belong to the same
/// shard. Their outputs may need the same name, and one process alone must decide which gets it.
package struct Shard: Equatable, Sendable, CustomStringConvertible {
    package let name: ShardName

    /// Returns nil unless `index` is in `0..<count`.
    package init?(index: Int, count: Int) {
        guard let name = ShardName(index: index, count: count) else { return nil }
        self.init(name)
    }

    package init(_ name: ShardName) {
        self.name = name
    }

    /// The shard's number, from 0 to `count` − 1.
    package var index: Int { name.index }
    package var count: Int { name.count }

    /// Whether a picture or an output belongs to this shard. The answer is the same on every machine and in
    /// every version.
    package func owns(_ name: RelativeName) -> Bool {
        let hash = FNV.hash(Self.stem(name.bytes))
        return Int((hash ^ hash >> 32) % UInt64(count)) == index
    }

    /// The name without its picture extensions.
    private static func stem(_ name: [UInt8]) -> ArraySlice<UInt8> {
        var stem = name[...]
        while let ending = NamePolicy.pictureEndings.first(where: {
            stem.count > $0.count && TemporaryNames.hasEnding(Array(stem), $0)
        }) {
            stem = stem.dropLast(ending.count)
        }
        return stem
    }

    /// `shard-I-of-N`, the name of the shard's folder within the spool.
    package var description: String { "\(name)" }
}
