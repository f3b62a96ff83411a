import Files

/// Reads the shards' numbers in the names of their bundles, such as `pred-shard-1-of-4.npz`.
package enum ShardNames {
    /// The shards that are missing among the parts, as `shard-1-of-4`. Files with other names are ignored.
    package static func missing(among parts: [Path]) -> [String] {
        var found: [Int: Set<Int>] = [:]
        for case (let index, let count)? in parts.map(shard) { found[count, default: []].insert(index) }
        return found.sorted { $0.key < $1.key }.flatMap { count, present in
            (0..<count).filter { !present.contains($0) }.map { "shard-\($0)-of-\(count)" }
        }
    }

    private static func shard(_ part: Path) -> (index: Int, count: Int)? {
        let pattern = /shard-([0-9]{1,6})-of-([0-9]{1,6})/
        guard let match = part.name.displayText.firstMatch(of: pattern), let index = Int(match.1),
            let count = Int(match.2), index < count
        else { return nil }
        return (index, count)
    }
}
