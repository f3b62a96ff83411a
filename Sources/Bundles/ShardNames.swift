import Files

/// Finds by their names which shards' bundles are missing, such as `pred-shard-1-of-4.npz`.
package enum ShardNames {
    /// The shards that are missing among the parts. Files with other names are ignored.
    package static func missing(among parts: [Path]) -> [ShardName] {
        let found = Set(parts.compactMap { ShardName(in: $0.name) })
        return Set(found.map(\.count)).sorted().flatMap { count in
            (0..<count).compactMap { ShardName(index: $0, count: count) }.filter { !found.contains($0) }
        }
    }
}
