/// The name of one of several parts of an inbox, `shard-I-of-N`, which names its spool and stands in its bundle's name.
package struct ShardName: Hashable, Sendable, CustomStringConvertible {
    /// From 0 to `count` − 1.
    package let index: Int
    package let count: Int

    /// Returns nil unless `index` is in `0..<count`.
    package init?(index: Int, count: Int) {
        guard count >= 1, (0..<count).contains(index) else { return nil }
        self.index = index
        self.count = count
    }

    /// Finds a shard's name in another name, such as `pred-shard-1-of-4.npz`.
    package init?(in name: some ByteNamed) {
        let text = String(decoding: name.bytes, as: UTF8.self)
        guard let match = text.firstMatch(of: /shard-([0-9]{1,9})-of-([0-9]{1,9})/), let index = Int(match.1),
            let count = Int(match.2)
        else { return nil }
        self.init(index: index, count: count)
    }

    package var description: String { "shard-\(index)-of-\(count)" }
}
