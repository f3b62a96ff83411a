import Tensors

/// Assigns the same memory to buffers that are not in use at the same time.
package enum ArenaLayout {
    /// A buffer's number of floats, and the first and last step that uses it.
    package struct Need {
        package let count: Int
        package let lifetime: ClosedRange<Int>

        package init(count: Int, lifetime: ClosedRange<Int>) {
            self.count = count
            self.lifetime = lifetime
        }
    }

    /// Returns every buffer's offset and the total number of floats. The largest buffer comes first, and each gets
    /// the lowest place that no buffer with a common step occupies. Offsets are multiples of `FeatureMap.lane` floats.
    package static func place(_ needs: [Need]) -> (offsets: [Int], total: Int) {
        let order = needs.indices.sorted {
            needs[$0].count != needs[$1].count ? needs[$0].count > needs[$1].count : $0 < $1
        }
        var offsets = [Int](repeating: 0, count: needs.count)
        var placed: [Int] = []
        var total = 0
        for index in order {
            let neighbours =
                placed
                .filter { needs[$0].lifetime.overlaps(needs[index].lifetime) }
                .sorted { offsets[$0] < offsets[$1] }
            var offset = 0
            for neighbour in neighbours {
                if offset + needs[index].count <= offsets[neighbour] { break }
                offset = max(offset, FeatureMap.paddedChannels(offsets[neighbour] + needs[neighbour].count))
            }
            offsets[index] = offset
            placed.append(index)
            total = max(total, offset + needs[index].count)
        }
        return (offsets, FeatureMap.paddedChannels(total))
    }

    /// Sets every buffer's offset and returns the total number of floats.
    static func assignOffsets(_ buffers: inout [ForwardPlan.Buffer]) -> Int {
        let (offsets, total) = place(buffers.map { Need(count: $0.count, lifetime: $0.lifetime) })
        for (index, offset) in offsets.enumerated() { buffers[index].offset = offset }
        return total
    }
}
