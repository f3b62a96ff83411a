import Files
import Spool

/// The pretended disk, and what must hold on it at all times.
extension MachineWorld {
    mutating func perform(_ action: SpoolMachine.Action) throws -> SpoolMachine.Event? {
        switch action {
        case .claim(_, let name, let expected): return try claim(name, expected)
        case .retake(_, let name, let attempts): return try retake(name, attempts)
        case .work(let id, let name, let attempt):
            guard !working.values.contains(name) else {
                throw Broken(description: "\(name) is worked on twice")
            }
            try require(spool[name]?.place == .claimed(attempt), "work on \(name) away from its place")
            working[id] = name
        case .publish(_, let name): return try publish(name)
        case .settleOriginal(let name, let place):
            return try move(name, place) { world, inode in
                guard world.published.contains(inode) else {
                    throw Broken(description: "\(name) archived, not published")
                }
                world.spool[name] = nil
                world.archived.insert(inode)
                return .completed(name)
            }
        case .park(let name, let place, let attempts):
            return try move(name, place) { world, _ in
                world.spool[name]?.place = .waiting(attempts)
                return .completed(name)
            }
        case .putBack(let name, let place):
            return try move(name, place) { world, _ in
                guard world.inbox[name] == nil else { return .putBack(name, false) }
                world.inbox[name] = world.spool.removeValue(forKey: name)?.fingerprint
                return .putBack(name, true)
            }
        case .quarantine(let name, let place, _):
            return try move(name, place) { world, inode in
                world.spool[name] = nil
                world.quarantined.insert(inode)
                return .completed(name)
            }
        case .discard(let id): working[id] = nil
        case .probe: return .probed(isDiskBroken ? "broken" : nil)
        case .idle: try require(!machine.hasWork, "idle with work left")
        case .stopped: try require(working.isEmpty, "stopped with work in hand")
        case .pause, .blameModel, .resume, .reconcile: break
        }
        return nil
    }

    private mutating func claim(_ name: RelativeName, _ expected: Fingerprint) throws -> SpoolMachine.Event {
        if isDiskBroken { return .refused(name, .environment("broken")) }
        guard let found = inbox[name] else { return .refused(name, .vanished) }
        if found != expected { return .refused(name, .changed(found)) }
        if chance(0.1) { return .refused(name, .writing) }
        if chance(0.05) { return .refused(name, .blocked(until: now.monotonic + .seconds(3))) }
        if chance(0.1) { return .refused(name, .unusable("not ours")) }
        try require(spool[name] == nil, "\(name) is claimed twice")
        spool[name] = (.claimed(1), found)
        inbox[name] = nil
        return .claimed(name, found)
    }

    private mutating func retake(_ name: RelativeName, _ attempts: Int) throws -> SpoolMachine.Event {
        if isDiskBroken { return .refused(name, .environment("broken")) }
        guard let job = spool[name] else { return .refused(name, .vanished) }
        try require(job.place == .waiting(attempts), "\(name) is not where it is retaken from")
        if chance(0.1) { return .refused(name, .blocked(until: now.monotonic + .seconds(3))) }
        try require(attempts < settings.maximumAttempts, "\(name) is tried too often")
        spool[name]?.place = .claimed(attempts + 1)
        return .claimed(name, job.fingerprint)
    }

    private mutating func publish(_ name: RelativeName) throws -> SpoolMachine.Event {
        guard let job = spool[name] else { throw Broken(description: "\(name) published from nowhere") }
        if isDiskBroken { return .faulted(name, Fault(.environment, "broken")) }
        if chance(0.02) { return .faulted(name, Fault(.item, "conflict")) }
        if chance(0.1) { return .faulted(name, Fault(.blocked, "not allowed")) }
        published.insert(job.fingerprint.inode)
        return .completed(name)
    }

    private mutating func move(
        _ name: RelativeName, _ place: Place,
        _ body: (inout MachineWorld, UInt64) throws -> SpoolMachine.Event
    ) throws -> SpoolMachine.Event {
        guard let job = spool[name] else { return .faulted(name, Fault(.vanished, "gone")) }
        try require(job.place == place, "\(name) is moved from \(place), but lies at \(job.place)")
        if isDiskBroken { return .faulted(name, Fault(.environment, "broken")) }
        if chance(0.1) { return .faulted(name, Fault(.blocked, "not allowed")) }
        return try body(&self, job.fingerprint.inode)
    }

    func require(_ condition: Bool, _ message: @autoclosure () -> String) throws {
        if !condition { throw Broken(description: message()) }
    }

    /// Nothing lost, nothing twice, no attempt beyond the limit.
    mutating func check() throws {
        let places = [
            Set(inbox.values.map(\.inode)), Set(spool.values.map(\.fingerprint.inode)), archived, quarantined,
        ]
        try require(
            places.reduce(0) { $0 + $1.count } == delivered.count, "a picture is lost or twice: \(places)")
        try require(working.values.count == Set(working.values).count, "a picture is worked on twice")
        for job in spool.values {
            try require(job.place.attempts <= settings.maximumAttempts, "too many attempts")
        }
    }
}
