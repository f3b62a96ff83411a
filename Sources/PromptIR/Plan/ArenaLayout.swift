/// Gives buffers that do not live at the same time the same memory.
enum ArenaLayout {
    /// Sets every buffer's offset and returns the floats needed in all: largest first, each at the lowest place
    /// where no buffer lies that it shares a step with. Offsets are multiples of 16 floats.
    static func assignOffsets(_ buffers: inout [ForwardPlan.Buffer]) -> Int {
        let order = buffers.indices.sorted {
            buffers[$0].count != buffers[$1].count ? buffers[$0].count > buffers[$1].count : $0 < $1
        }
        var placed: [Int] = []
        var total = 0
        for index in order {
            let neighbours =
                placed
                .filter { buffers[$0].lifetime.overlaps(buffers[index].lifetime) }
                .sorted { buffers[$0].offset < buffers[$1].offset }
            var offset = 0
            for neighbour in neighbours {
                if offset + buffers[index].count <= buffers[neighbour].offset { break }
                offset = max(offset, roundUp(buffers[neighbour].offset + buffers[neighbour].count))
            }
            buffers[index].offset = offset
            placed.append(index)
            total = max(total, offset + buffers[index].count)
        }
        return roundUp(total)
    }

    private static func roundUp(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}
