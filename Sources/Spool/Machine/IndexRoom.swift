import Files
import RandomNumbers

/// How many pictures of the inbox the machine has in mind at a time, however many are there. The others stay where they
/// are, and a later scan finds them.
///
/// A picture takes one place, and one more for every 256 bytes of its path, so that memory is bounded whatever the names
/// are. Pictures that wait for work have `limit` places. A user has at most eight times as many of them as are free, so
/// that there is always room for another user's. Pictures that are held or known as done have `limit` places more: what
/// nobody can take must not keep out what can be taken.
struct IndexRoom: Sendable {
    private static let mostPlaces = 1 + RelativeName.maximumByteCount / 256
    private static let timesFree = 8

    let limit: Int
    private var waiting = 0
    private var resting = 0
    /// Of those that wait.
    private var byOwner: [UInt32: Int] = [:]

    init(limit: Int) {
        self.limit = limit
    }

    /// Half of the places or more are free: there is room for a scan to fill.
    var isHalfEmpty: Bool { waiting <= limit / 2 }

    /// What is found to be held or done may find no place.
    var isRestFull: Bool { resting + Self.mostPlaces > limit }

    /// The places for what waits for work and is free.
    var free: Int { limit - waiting }

    private static func places(_ name: RelativeName) -> Int { 1 + name.byteCount / 256 }

    /// Whether there is a place for a picture of this user that waits for work.
    func admits(_ name: RelativeName, of owner: UInt32) -> Bool {
        let places = Self.places(name)
        return places <= free && byOwner[owner, default: 0] + places <= Self.timesFree * free
    }

    /// Whether there is a place for a picture that is held or done.
    func hasRest(for name: RelativeName) -> Bool { resting + Self.places(name) <= limit }

    mutating func change(_ name: RelativeName, _ arrival: SpoolMachine.Arrival, by sign: Int) {
        let change = sign * Self.places(name)
        if arrival.isResting {
            resting += change
        } else {
            waiting += change
            let owned = byOwner[arrival.owner, default: 0] + change
            byOwner[arrival.owner] = owned == 0 ? nil : owned
        }
    }
}

/// What a scan left out for want of room, and what the next one makes of that.
struct LeftOut: Sendable {
    /// In this scan so far, or since the last one began.
    private(set) var count = 0
    private var admitted = 0
    private var salt: UInt64 = 0
    /// Of names that are not known, the share that is taken in; nil for all of them, as long as there is room.
    private var share: Double?
    /// Something known was forgotten, because there was no room for it among what rests.
    private var hasForgotten = false
    /// Whether a picture was finished since the scan began, and between it and the one before.
    private var headway = (now: true, before: true)

    /// Whether another scan may find room for what was left out.
    var isHopeful: Bool { headway.now || headway.before }

    /// What was forgotten is found again as if it were new. Where a scan always met it first, what comes later would
    /// never get a place: then chance decides.
    mutating func beginScan(free: Int, _ random: inout RandomSequence) {
        share = nil
        if hasForgotten, count > 0 {
            share = Double(free) / Double(count + admitted)
            salt = random.next()
        }
        (count, admitted, hasForgotten) = (0, 0, false)
        headway = (false, headway.now)
    }

    mutating func endScan() { share = nil }

    func mayTry(_ name: RelativeName) -> Bool {
        guard let share else { return true }
        var chance = RandomSequence(FNV.hash(name.bytes), salt)
        return chance.isTrue(withProbability: share)
    }

    mutating func admit() { admitted += 1 }
    mutating func leaveOut() { count += 1 }
    mutating func forget() { hasForgotten = true }
    mutating func noteHeadway() { headway.now = true }
}
