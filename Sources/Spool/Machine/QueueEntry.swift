/// A time or a modification time, and the name it belongs to: the order of every queue of the machine.
struct QueueEntry: Comparable, Sendable {
    let time: Duration
    let name: RelativeName

    static func < (left: QueueEntry, right: QueueEntry) -> Bool {
        left.time == right.time ? left.name < right.name : left.time < right.time
    }
}
