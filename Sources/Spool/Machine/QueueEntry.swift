/// An entry of one of the machine's queues, which are ordered by time (a moment, or a modification time),
/// then name.
struct QueueEntry: Comparable, Sendable {
    let time: Duration
    let name: RelativeName

    static func < (left: QueueEntry, right: QueueEntry) -> Bool {
        left.time == right.time ? left.name < right.name : left.time < right.time
    }
}
