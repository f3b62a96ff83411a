import Files

/// One of several runs that share an inbox: each takes the pictures whose names fall to it.
///
/// Names that differ only in pictures' extensions (`a.jpg`, `a.png`, `a.jpg.png`) fall to the same shard, because
/// their outputs may want the same name, and only one run may decide which gets it.
package struct Shard: Equatable, Sendable, CustomStringConvertible {
    /// From 0 to `count` − 1.
    package let index: Int
    package let count: Int

    /// Nil unless `index` is one of `count`.
    package init?(index: Int, count: Int) {
        guard count >= 1, (0..<count).contains(index) else { return nil }
        self.index = index
        self.count = count
    }

    /// Whether a picture, or an output, falls to this shard. The same on every machine and in every version.
    package func owns(_ name: RelativeName) -> Bool {
        let hash = FNV.hash(Self.stem(name.bytes))
        return Int((hash ^ hash >> 32) % UInt64(count)) == index
    }

    /// The name without its pictures' extensions.
    private static func stem(_ name: [UInt8]) -> ArraySlice<UInt8> {
        var stem = name[...]
        while let ending = NamePolicy.pictureEndings.first(where: {
            stem.count > $0.count && TemporaryNames.hasEnding(Array(stem), $0)
        }) {
            stem = stem.dropLast(ending.count)
        }
        return stem
    }

    /// `shard-I-of-N`: the name of its spool within the spool of all.
    package var description: String { "shard-\(index)-of-\(count)" }
}
