import Files
import HeapModule

/// Handles pictures in the inbox: decides when each is complete and which is next.
extension SpoolMachine {
    mutating func see(
        _ name: RelativeName, _ fingerprint: Fingerprint, _ sign: Sign, owner: UInt32, _ now: Moment
    ) {
        let wait = sign == .found ? settings.stability : settings.settle
        guard var arrival = arrivals[name] else {
            admit(name, fingerprint, sign, owner: owner, after: wait, now)
            return
        }
        arrival.scan = scan
        arrival.owner = owner
        switch sign {
        case .modified: arrival.isBeingWritten = true
        case .renamed, .closed: arrival.isBeingWritten = false
        case .found:
            if arrival.fingerprint.inode != fingerprint.inode { arrival.isBeingWritten = false }
        }
        if arrival.fingerprint != fingerprint {
            // What is known about the arrival refers to its old content.
            arrival.fingerprint = fingerprint
            arrival.truncatedSince = nil
            arrival.settle(after: wait, settings, now)
        } else if sign == .modified, arrival.phase != .claiming {
            arrival.settle(after: wait, settings, now)
        } else if case .settling = arrival.phase, sign != .found {
            arrival.settle(after: wait, settings, now)
        }
        put(name, arrival)
    }

    /// Takes a picture into the index, if there is room.
    private mutating func admit(
        _ name: RelativeName, _ fingerprint: Fingerprint, _ sign: Sign, owner: UInt32, after wait: Duration,
        _ now: Moment
    ) {
        guard room.admits(name, of: owner), leftOut.mayTry(name) else {
            leftOut.leaveOut()
            counts.beyond = max(counts.beyond, leftOut.count)
            return
        }
        leftOut.admit()
        var arrival = Arrival(fingerprint: fingerprint, phase: .done, scan: scan, owner: owner)
        arrival.isBeingWritten = sign == .modified
        arrival.settle(after: wait, settings, now)
        put(name, arrival)
    }

    /// Events were lost: pictures that somebody was seen to write to go by what the disk says, as unseen ones do.
    mutating func forgetWriters(_ now: Moment) {
        for (name, var arrival) in arrivals.filter(\.value.isBeingWritten) {
            arrival.isBeingWritten = false
            if case .settling = arrival.phase { arrival.settle(after: settings.stability, settings, now) }
            put(name, arrival)
        }
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
        let isSame =
            arrival.phase == old?.phase && arrival.fingerprint == old?.fingerprint
            && arrival.owner == old?.owner
        if isSame { return }
        switch arrival.phase {
        case .ready: enqueue(name, arrival)
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
            readyQueue.removeAll()
            for (name, arrival) in arrivals where arrival.phase == .ready { enqueue(name, arrival) }
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

    mutating func enqueue(_ name: RelativeName, _ arrival: Arrival) {
        readyQueue.insert(QueueEntry(time: arrival.fingerprint.modified, name: name), of: arrival.owner)
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
            arrival.settle(after: settings.stability, settings, now)
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

    /// Gives free places to pictures: owners take turns, each with his oldest by time and name, and every fourth is a
    /// retry, so that neither new work nor retries wait for ever. Suspects come before anything new, and alone.
    mutating func schedule(_ now: Moment, _ actions: inout [Action]) {
        guard mayBegin else { return }
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
                readyQueue.take()
                freshSinceRetry += 1
                arrival.phase = .claiming
                put(fresh, arrival)
                let job = Job(
                    id: newID(for: fresh), fingerprint: arrival.fingerprint, place: .claimed(1),
                    step: .claiming, owner: arrival.owner, truncatedSince: arrival.truncatedSince)
                put(fresh, job)
                actions.append(.claim(job.id, fresh, arrival.fingerprint))
            } else {
                return
            }
        }
    }

    private mutating func nextFresh() -> RelativeName? {
        while let (owner, entry) = readyQueue.next {
            if let arrival = arrivals[entry.name], arrival.phase == .ready, arrival.owner == owner,
                arrival.fingerprint.modified == entry.time, jobs[entry.name] == nil
            {
                return entry.name
            }
            // The entry is stale, or a job has its name; then the arrival is queued again when that job ends.
            readyQueue.drop()
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

extension SpoolMachine.Arrival {
    /// Waits until nothing has changed for `wait`, or for the whole patience where a writer has not closed the file: one
    /// who has not written for so long has merely forgotten to.
    mutating func settle(after wait: Duration, _ settings: SpoolMachine.Settings, _ now: Moment) {
        phase = .settling(
            until: now.monotonic + (isBeingWritten ? max(wait, settings.arrivalPatience) : wait))
    }
}
