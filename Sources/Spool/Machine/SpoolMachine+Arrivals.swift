import Files
import HeapModule

/// Handles pictures in the inbox: decides when each is complete and which is next.
extension SpoolMachine {
    mutating func see(
        _ name: RelativeName, _ fingerprint: Fingerprint, _ sign: Sign, _ owner: UInt32, _ now: Moment
    ) {
        let wait = sign == .found ? settings.stability : settings.settle
        let settling = Arrival.Phase.settling(until: now.monotonic + wait)
        guard var arrival = arrivals[name] else {
            guard room.admits(name, of: owner), leftOut.mayTry(name) else {
                leftOut.leaveOut()
                counts.beyond = max(counts.beyond, leftOut.count)
                return
            }
            leftOut.admit()
            put(name, Arrival(fingerprint: fingerprint, phase: settling, scan: scan, owner: owner))
            return
        }
        arrival.scan = scan
        arrival.owner = owner
        if arrival.fingerprint != fingerprint {
            // What is known about the arrival refers to its old content.
            arrival.fingerprint = fingerprint
            arrival.truncatedSince = nil
            arrival.phase = settling
        } else if case .settling = arrival.phase, sign != .found {
            arrival.phase = settling
        }
        put(name, arrival)
    }

    mutating func forget(_ name: RelativeName) {
        guard let arrival = arrivals[name], arrival.phase != .claiming else { return }
        put(name, nil)
    }

    mutating func endScan(isComplete: Bool) {
        leftOut.endScan()
        counts.beyond = leftOut.count
        if isComplete { forgetUnseen() }
    }

    private mutating func forgetUnseen() {
        // The names are collected first, because changing the dictionary while iterating over it would copy
        // it.
        let gone = arrivals.compactMap { $1.scan < scan && $1.phase != .claiming ? $0 : nil }
        for name in gone { put(name, nil) }
    }

    /// Changes an arrival. All changes go through this method, which keeps the counts and queues right.
    mutating func put(_ name: RelativeName, _ arrival: Arrival?) {
        let old = arrivals[name]
        if let old {
            count(old.phase, -1)
            room.change(name, old, by: -1)
        }
        var arrival = arrival
        if arrival?.isResting == true, !room.hasRest(for: name) {
            leftOut.forget()
            arrival = nil
        }
        arrivals[name] = arrival
        guard let arrival else { return }
        count(arrival.phase, 1)
        room.change(name, arrival, by: 1)
        guard arrival.phase != old?.phase || arrival.fingerprint != old?.fingerprint else { return }
        switch arrival.phase {
        case .ready: readyQueue.insert(QueueEntry(time: arrival.fingerprint.modified, name: name))
        case .settling(let until):
            // One timer is enough: if it fires too early, it is set again.
            if case .settling(let earlier)? = old?.phase, earlier <= until { return }
            timers.insert(QueueEntry(time: until, name: name))
        case .held(let until): timers.insert(QueueEntry(time: until, name: name))
        case .claiming, .done: break
        }
        tidyQueues()
    }

    /// Throws away the entries that count no more, where they are most of a queue: whoever touches a file again and
    /// again has a new one made each time.
    private mutating func tidyQueues() {
        let limit = 2 * arrivals.count + 1024
        if readyQueue.count > limit {
            readyQueue = Heap(
                arrivals.lazy.filter { $1.phase == .ready }
                    .map { QueueEntry(time: $1.fingerprint.modified, name: $0) })
        }
        if timers.count > limit {
            timers = Heap(
                arrivals.lazy.compactMap { name, arrival in
                    switch arrival.phase {
                    case .settling(let until), .held(let until): QueueEntry(time: until, name: name)
                    case .ready, .claiming, .done: nil
                    }
                })
        }
    }

    private mutating func count(_ phase: Arrival.Phase, _ change: Int) {
        switch phase {
        case .settling: counts.arriving += change
        case .ready: counts.ready += change
        case .held: counts.held += change
        case .claiming, .done: break
        }
    }

    /// Ends a refused claim and updates the arrival to match the refusal.
    mutating func refuse(_ name: RelativeName, _ refusal: Refusal, _ now: Moment, _ actions: inout [Action]) {
        let job = end(name)
        guard var arrival = arrivals[name], arrival.phase == .claiming else {
            // Only a job from `waiting/` has no arrival. The disk refuses it only for an environment fault or
            // if it is gone.
            refuseRetake(name, job, refusal, now, &actions)
            return
        }
        switch refusal {
        case .vanished:
            put(name, nil)
            return
        case .changed(let fingerprint):
            arrival.fingerprint = fingerprint
            arrival.truncatedSince = nil
            arrival.phase = .settling(until: now.monotonic + settings.stability)
        case .writing: arrival.phase = .settling(until: now.monotonic + settings.stability)
        case .alreadyDone:
            arrival.phase = .done
            leftOut.noteHeadway()
        case .unusable: arrival.phase = .held(until: now.monotonic + settings.refusalDelay)
        case .blocked(let until): arrival.phase = .held(until: until)
        case .environment(let reason):
            arrival.phase = .ready
            startPause(reason, now, &actions)
        }
        put(name, arrival)
    }

    /// Makes settling and held arrivals ready when their time has come, and probes the disk when a pause is
    /// due.
    mutating func fireTimers(_ now: Moment, _ actions: inout [Action]) {
        while let timer = timers.min, timer.time <= now.monotonic {
            timers.removeMin()
            guard var arrival = arrivals[timer.name] else { continue }
            switch arrival.phase {
            case .settling(let until) where until > now.monotonic:
                timers.insert(QueueEntry(time: until, name: timer.name))
            case .held(let until) where until > now.monotonic: break
            case .settling, .held:
                arrival.phase = .ready
                put(timer.name, arrival)
            case .ready, .claiming, .done: break
            }
        }
        if var pause, !pause.isProbing, pause.until <= now.monotonic {
            pause.isProbing = true
            self.pause = pause
            actions.append(.probe)
        }
    }

    /// Fills free places with pictures, oldest first, by time and then name. Every fourth place goes to a
    /// retry, so that neither new pictures nor retries wait for ever. Suspects are processed before new
    /// pictures, one at a time.
    mutating func schedule(_ now: Moment, _ actions: inout [Action]) {
        guard pause == nil, !counts.isHeld, !isStopping else { return }
        while counts.active < places {
            let fresh = suspects.isEmpty ? nextFresh() : nil
            let retry = nextRetry(now)
            if let retry, fresh == nil || freshSinceRetry >= 3, var job = jobs[retry] {
                retryQueue.removeMin()
                freshSinceRetry = 0
                names[job.id] = nil
                job.id = newID(for: retry)
                job.step = .claiming
                put(retry, job)
                actions.append(.retake(job.id, retry, attempts: job.place.attempts))
            } else if let fresh, var arrival = arrivals[fresh] {
                readyQueue.removeMin()
                freshSinceRetry += 1
                arrival.phase = .claiming
                put(fresh, arrival)
                let job = Job(
                    id: newID(for: fresh), fingerprint: arrival.fingerprint, place: .claimed(1),
                    step: .claiming,
                    truncatedSince: arrival.truncatedSince)
                put(fresh, job)
                actions.append(.claim(job.id, fresh, arrival.fingerprint))
            } else {
                return
            }
        }
    }

    private mutating func nextFresh() -> RelativeName? {
        while let entry = readyQueue.min {
            if let arrival = arrivals[entry.name], arrival.phase == .ready,
                arrival.fingerprint.modified == entry.time, jobs[entry.name] == nil
            {
                return entry.name
            }
            // The entry is stale, or a job has its name; then the arrival is queued again when that job ends.
            readyQueue.removeMin()
        }
        return nil
    }

    private mutating func nextRetry(_ now: Moment) -> RelativeName? {
        while let entry = retryQueue.min {
            if case .waiting(let until)? = jobs[entry.name]?.step, until == entry.time {
                return until <= now.monotonic ? entry.name : nil
            }
            retryQueue.removeMin()
        }
        return nil
    }

    private mutating func newID(for name: RelativeName) -> ClaimID {
        lastID += 1
        let id = ClaimID(rawValue: lastID)
        names[id] = name
        return id
    }
}
