import Files
import Spool
import TestSupport

/// A disk, a clock and workers for the machine, all pretended, driven by a seeded sequence of chances.
struct MachineWorld {
    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    var machine: SpoolMachine
    var random: SeededGenerator
    var now = Moment(monotonic: .seconds(1000), wall: .seconds(1_000_000))
    var inbox: [RelativeName: Fingerprint] = [:]
    var spool: [RelativeName: (place: Place, fingerprint: Fingerprint)] = [:]
    var published: Set<UInt64> = []
    var archived: Set<UInt64> = []
    var quarantined: Set<UInt64> = []
    var working: [ClaimID: RelativeName] = [:]
    var attempts: [UInt64: Int] = [:]
    var delivered: Set<UInt64> = []
    /// Fingerprints of contents that end too early.
    var short: Set<Fingerprint> = []
    var isDiskBroken = false
    var isHonest = false
    var eventCount = 0
    let settings: SpoolMachine.Settings

    static let names = ["a.png", "b.png", "c.jpg", "d/e.png"].compactMap { RelativeName($0) }

    init(seed: UInt64) {
        var settings = SpoolMachine.Settings()
        settings.seed = seed
        settings.arrivalPatience = .seconds(20)
        self.settings = settings
        random = SeededGenerator(seed: seed)
        machine = SpoolMachine(settings, concurrency: 1 + Int(seed % 3))
    }

    mutating func chance(_ probability: Double) -> Bool {
        !isHonest && Double.random(in: 0..<1, using: &random) < probability
    }

    // MARK: Events

    mutating func send(_ event: SpoolMachine.Event) throws {
        var events = [event]
        while !events.isEmpty {
            eventCount += 1
            let actions = machine.handle(events.removeFirst(), at: now)
            for action in actions {
                if let answer = try perform(action) { events.append(answer) }
            }
        }
        try check()
    }

    /// One thing that happens to a spool.
    mutating func step() throws {
        now.monotonic += .milliseconds(Int.random(in: 0...700, using: &random))
        now.wall = now.monotonic + .seconds(999_000)
        let name = Self.names.randomElement(using: &random) ?? Self.names[0]
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<5: try deliver(name)
        case 5, 6: try rewrite(name)
        case 7..<13: try finishOne()
        case 13: try scan()
        case 14 where chance(0.2): try send(.trackLost)
        case 14 where chance(0.2): try send(.modelChanged)
        case 14: isDiskBroken.toggle()
        case 15, 16: try send(.hold(Bool.random(using: &random)))
        case 17 where chance(0.3): try restart(isClean: Bool.random(using: &random))
        default: try send(.tick)
        }
    }

    mutating func deliver(_ name: RelativeName) throws {
        // Only where the name is free: replacing a file is its deliverer's loss.
        guard inbox[name] == nil else { return }
        let inode = UInt64(delivered.count + 1)
        delivered.insert(inode)
        let fingerprint = Fingerprint(byteCount: 1, modified: now.wall, inode: inode)
        inbox[name] = fingerprint
        if chance(0.2) { short.insert(fingerprint) }
        let signs: [Sign] = [.renamed, .closed, .found, .modified]
        if !chance(0.3) { try send(.seen(name, fingerprint, signs.randomElement(using: &random) ?? .found)) }
    }

    /// A writer goes on: the content changes, the file stays.
    mutating func rewrite(_ name: RelativeName) throws {
        guard var fingerprint = inbox[name] else { return }
        fingerprint.byteCount += 1
        fingerprint.modified = now.wall
        inbox[name] = fingerprint
        if chance(0.3) { short.insert(fingerprint) }
        if !chance(0.5) { try send(.seen(name, fingerprint, chance(0.5) ? .modified : .closed)) }
    }

    mutating func scan() throws {
        try send(.scanBegan)
        for (name, fingerprint) in inbox.sorted(by: { $0.key < $1.key }) {
            try send(.seen(name, fingerprint, .found))
        }
        try send(.scanEnded(complete: true))
    }

    mutating func finishOne() throws {
        guard let (id, name) = working.min(by: { $0.value < $1.value }), let job = spool[name] else { return }
        working[id] = nil
        let outcome: Outcome
        if short.contains(job.fingerprint) {
            outcome = .truncated
        } else if chance(0.1) {
            outcome = .failed(FailureReason(code: "bad", message: ""), retryable: false)
        } else if chance(0.2) {
            outcome = .unusableResult(FailureReason(code: "restore", message: ""))
        } else if chance(0.2) {
            outcome = .failed(FailureReason(code: "memory", message: ""), retryable: true)
        } else if chance(0.1) {
            outcome = .environment("full")
        } else if chance(0.1) {
            outcome = .returned
        } else {
            outcome = .restored(.any)
        }
        try send(.finished(id, outcome, job.fingerprint, isTouched: chance(0.05)))
        // Said twice: must change nothing.
        if chance(0.1) { try send(.finished(id, .restored(.any), job.fingerprint)) }
    }

    mutating func restart(isClean: Bool) throws {
        if isClean {
            isDiskBroken = false
            try send(.stop)
            try send(.stopNow)
        }
        working = [:]
        machine = SpoolMachine(settings, concurrency: 2)
        for (name, job) in spool.sorted(by: { $0.key < $1.key }) {
            spool[name]?.place = .waiting(job.place.attempts)
        }
        for (name, job) in spool.sorted(by: { $0.key < $1.key }) {
            let isSuspect = job.place.attempts > 0
            try send(
                .recovered(name, attempts: job.place.attempts, job.fingerprint, isSuspect: isSuspect))
        }
        try scan()
    }

    /// Lets everything come to an end: the disk works, the workers are honest, time passes.
    mutating func finish() throws {
        isHonest = true
        isDiskBroken = false
        try send(.hold(false))
        try send(.modelChanged)
        for _ in 0..<400 {
            try scan()
            while !working.isEmpty { try finishOne() }
            now.monotonic += .seconds(5)
            now.wall += .seconds(5)
            try send(.tick)
            if inbox.isEmpty, spool.isEmpty { return }
        }
        throw Broken(description: "never ends: inbox \(inbox), spool \(spool), \(machine.counts)")
    }
}

extension StagedOutput {
    /// The machine looks at none.
    static let any = StagedOutput(temporaryName: FileName(literal: "any"), names: [], byteCount: 0)
}
