import Files

/// Folders of the outbox, and single names, that refuse writes while others accept them. While one is
/// blocked, its pictures are neither claimed nor restored in vain. Each check that finds no change doubles
/// the time to the next.
struct BlockedPlaces: Sendable {
    enum Place: Hashable, Sendable {
        case folder([FileName])
        case name(RelativeName)
    }

    private struct Entry: Sendable {
        var reason: String
        var looks: Int
        var until: Duration
    }

    /// The longest time between two checks, in multiples of the first. Checking a folder is cheap, but a name
    /// can be checked only by restoring its picture again.
    private static let limits = (folder: 10, name: 600)

    private let first: Duration
    private var entries: [Place: Entry] = [:]

    init(first: Duration) {
        self.first = first
    }

    /// Why a place is blocked; nil if none is.
    var reason: String? { entries.values.map(\.reason).min() }

    /// When a place may be checked again; nil if it is not blocked.
    func until(_ place: Place) -> Duration? { entries[place]?.until }

    /// - Returns: whether the place was not blocked before for this reason.
    mutating func block(_ place: Place, _ reason: String, at now: Duration) -> Bool {
        let looks = entries[place]?.looks ?? 0
        let limit = if case .folder = place { Self.limits.folder } else { Self.limits.name }
        let delay = first * min(1 << min(looks, 20), limit)
        let isNews = entries[place]?.reason != reason
        entries[place] = Entry(reason: reason, looks: looks + 1, until: now + delay)
        return isNews
    }

    /// - Returns: whether the place was blocked.
    mutating func free(_ place: Place) -> Bool { entries.removeValue(forKey: place) != nil }
}
