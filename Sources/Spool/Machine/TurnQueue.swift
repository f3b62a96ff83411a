import Files
import HeapModule

/// Pictures that are ready, by owner. The owners take turns in the order of their numbers, and each gives his oldest, so
/// that whoever dates his files back gets no more than his turn.
struct TurnQueue: Sendable {
    private struct Turn: Comparable {
        let round: UInt64
        let owner: UInt32

        static func < (left: Turn, right: Turn) -> Bool {
            left.round == right.round ? left.owner < right.owner : left.round < right.round
        }
    }

    private var queues: [UInt32: Heap<QueueEntry>] = [:]
    /// One for every owner who has a queue.
    private var turns = Heap<Turn>()
    private var last: Turn?
    /// The number of entries, void ones too.
    private(set) var count = 0

    mutating func insert(_ entry: QueueEntry, of owner: UInt32) {
        if queues[owner] == nil { turns.insert(Turn(round: round(of: owner), owner: owner)) }
        queues[owner, default: Heap()].insert(entry)
        count += 1
    }

    /// Removes all entries. The turns go on with whose turn it was.
    mutating func removeAll() {
        queues = [:]
        turns = Heap()
        count = 0
    }

    /// Who comes later than the last owner still has his turn in the same round.
    private func round(of owner: UInt32) -> UInt64 {
        guard let last else { return 0 }
        return owner > last.owner ? last.round : last.round + 1
    }

    /// The oldest entry of the owner whose turn it is.
    var next: (owner: UInt32, entry: QueueEntry)? {
        guard let owner = turns.min?.owner, let entry = queues[owner]?.min else { return nil }
        return (owner, entry)
    }

    /// Removes the next entry, whose owner has had his turn with it.
    mutating func take() {
        guard let turn = turns.min else { return }
        last = turn
        turns.removeMin()
        if removeOldest(of: turn.owner) {
            turns.insert(Turn(round: turn.round + 1, owner: turn.owner))
        }
    }

    /// Removes the next entry, which has become void; the turn stays its owner's.
    mutating func drop() {
        guard let turn = turns.min else { return }
        if !removeOldest(of: turn.owner) { turns.removeMin() }
    }

    /// - Returns: whether the owner has more.
    private mutating func removeOldest(of owner: UInt32) -> Bool {
        if queues[owner]?.popMin() != nil { count -= 1 }
        guard queues[owner]?.isEmpty ?? true else { return true }
        queues[owner] = nil
        return false
    }
}
