import Files

/// What was said of entries of the inbox that are not taken. Said in one line for each folder and reason, not for each
/// name, and once until it changes: whoever may write into the inbox may fill it with names. What is remembered is
/// bounded as well.
struct EntryReports: Sendable {
    enum Kind: Hashable, Sendable {
        /// No picture to take.
        case passedOver
        /// A folder that cannot be read, or an entry that cannot be looked at.
        case unreadable
    }

    /// What lies in one folder for one reason.
    struct Group: Hashable, Sendable {
        let kind: Kind
        let place: FolderPath?
        /// Nil for whatever is beyond the groups that are told apart.
        let reason: String?
    }

    struct Tally: Equatable, Sendable {
        fileprivate(set) var count = 0
        fileprivate(set) var example: RelativeName
        /// Of all names, in any order.
        private var digest = 0

        init(example: RelativeName) {
            self.example = example
        }

        fileprivate mutating func add(_ name: RelativeName) {
            count += 1
            digest &+= name.hashValue
        }

        static func == (left: Tally, right: Tally) -> Bool {
            left.count == right.count && left.digest == right.digest
        }
    }

    /// What is to be said now.
    struct Line: Sendable {
        let group: Group
        let tally: Tally
    }

    /// Groups that are told apart; what lies beyond them shares one line of each kind.
    static let groupLimit = 100

    private var said: [Group: Tally] = [:]
    private var found: [Group: Tally] = [:]

    /// Entries that are no pictures to take.
    var passedOverCount: Int {
        func count(_ tallies: [Group: Tally]) -> Int {
            tallies.reduce(0) { $0 + ($1.key.kind == .passedOver ? $1.value.count : 0) }
        }
        return max(count(said), count(found))
    }

    /// What cannot be read: the number of entries, and the first of them with its reason; nil if everything can be.
    var unreadable: (count: Int, first: Tally, reason: String?)? {
        let groups = (said.isEmpty ? found : said).filter { $0.key.kind == .unreadable }
        guard let first = groups.min(by: { $0.value.example < $1.value.example }) else { return nil }
        return (groups.reduce(0) { $0 + $1.value.count }, first.value, first.key.reason)
    }

    /// A scan begins.
    mutating func begin() {
        found = [:]
    }

    /// A scan has met an entry.
    mutating func find(_ kind: Kind, _ name: RelativeName, _ reason: String) {
        let group = group(kind, name, reason, in: found)
        found[group, default: Tally(example: name)].add(name)
    }

    /// The scan is over. - Returns: what is new, or has another number or other names than when it was said.
    mutating func end(isComplete: Bool) -> [Line] {
        let news = found.filter { said[$0] != $1 }.map { Line(group: $0, tally: $1) }
        // What an incomplete scan did not meet may be there still.
        let both = isComplete ? found : said.merging(found) { $1 }
        said = both.count > 2 * Self.groupLimit ? found : both
        found = [:]
        return news.sorted { $0.tally.example < $1.tally.example }
    }

    /// An event has told of an entry between two scans. Only what no line spoke of yet is said at once: the next scan
    /// counts.
    mutating func hear(_ kind: Kind, _ name: RelativeName, _ reason: String) -> Line? {
        let group = group(kind, name, reason, in: said)
        guard said[group] == nil else { return nil }
        var tally = Tally(example: name)
        tally.add(name)
        said[group] = tally
        return Line(group: group, tally: tally)
    }

    private func group(
        _ kind: Kind, _ name: RelativeName, _ reason: String, in groups: [Group: Tally]
    ) -> Group {
        let group = Group(kind: kind, place: name.place, reason: reason)
        if groups[group] != nil || groups.count < Self.groupLimit { return group }
        return Group(kind: kind, place: nil, reason: nil)
    }
}

/// How long something that was said is remembered.
private struct Day: Sendable {
    private var since: Duration?

    /// Whether a day begins: the first one, or the next after the last is over.
    mutating func begins(at now: Duration) -> Bool {
        if let since, now - since < .seconds(86_400) { return false }
        since = now
        return true
    }
}

/// Remembers what was said, in bounded memory, so that each thing is said once. What comes when it is full is not said
/// any more; after a day everything is forgotten and may be said again.
struct SaidOnce<Thing: Hashable & Sendable>: Sendable {
    private let limit: Int
    private var said: Set<Thing> = []
    private var day = Day()

    init(limit: Int) {
        self.limit = limit
    }

    mutating func isNews(_ thing: Thing, at now: Duration) -> Bool {
        if day.begins(at: now) { said = [] }
        guard said.count < limit else { return false }
        return said.insert(thing).inserted
    }

    mutating func forget(_ thing: Thing) { said.remove(thing) }
}

/// Pictures that cannot be taken, each named once: a few of each folder, so that one folder full of them does not
/// keep those of others from being named.
struct RefusalReports: Sendable {
    enum News: Sendable {
        case first
        /// The last of its folder, or of all folders, that is named.
        case last
        case none
    }

    static let folderLimit = 100
    static let limitInFolder = 10

    private var named: [FolderPath?: Set<FileName>] = [:]
    private var day = Day()

    mutating func report(_ name: RelativeName, at now: Duration) -> News {
        if day.begins(at: now) { named = [:] }
        if named[name.place] == nil, named.count >= Self.folderLimit { return .none }
        let count = named[name.place]?.count ?? 0
        guard count < Self.limitInFolder, named[name.place, default: []].insert(name.last).inserted else {
            return .none
        }
        return count + 1 == Self.limitInFolder ? .last : .first
    }

    mutating func forget(_ name: RelativeName) {
        named[name.place]?.remove(name.last)
        if named[name.place]?.isEmpty == true { named[name.place] = nil }
    }
}
