import Files
import HeapModule

/// Handles pictures that the spool has claimed.
extension SpoolMachine {
    /// Changes a job. All changes go through this method, which keeps the counts and the retry queue right.
    mutating func put(_ name: RelativeName, _ job: Job) {
        if let old = jobs[name] { count(old, -1) }
        jobs[name] = job
        count(job, 1)
        if case .waiting(let until) = job.step { retryQueue.insert(QueueEntry(time: until, name: name)) }
    }

    private mutating func count(_ job: Job, _ change: Int) {
        switch job.standing {
        case .active: counts.active += change
        case .waiting: counts.waiting += change
        case .blocked: counts.blocked += change
        }
    }

    /// Removes a job, so that an arrival of the same name may continue.
    @discardableResult
    mutating func end(_ name: RelativeName) -> Job {
        guard let job = jobs.removeValue(forKey: name) else {
            preconditionFailure("the end of a job that is not there: \(name)")
        }
        count(job, -1)
        names[job.id] = nil
        suspended.remove(name)
        suspects.remove(name)
        if let arrival = arrivals[name], arrival.phase == .ready {
            enqueue(name, arrival)
        }
        return job
    }

    private func job(_ name: RelativeName, _ event: StaticString) -> Job {
        guard let job = jobs[name] else {
            preconditionFailure("\(event) for a job that is not there: \(name)")
        }
        return job
    }

    /// Moves a job to a step and requests the step's action.
    mutating func go(_ name: RelativeName, _ job: Job, to step: Job.Step, _ actions: inout [Action]) {
        var job = job
        job.step = step
        job.blockedUntil = nil
        job.blocks = 0
        put(name, job)
        ask(name, job, &actions)
    }

    func ask(_ name: RelativeName, _ job: Job, _ actions: inout [Action]) {
        switch job.step {
        case .publishing: actions.append(.publish(job.id, name))
        case .settlingOriginal: actions.append(.settleOriginal(name, from: job.place))
        case .parking(let attempts, _): actions.append(.park(name, from: job.place, attempts: attempts))
        case .puttingBack: actions.append(.putBack(name, from: job.place))
        case .quarantining(let reason): actions.append(.quarantine(name, from: job.place, reason))
        case .waiting, .claiming, .working: preconditionFailure("no effect belongs to \(job.step) of \(name)")
        }
    }

    mutating func recover(
        _ name: RelativeName, _ attempts: Int, _ fingerprint: Fingerprint, isSuspect: Bool, _ now: Moment,
        _ actions: inout [Action]
    ) {
        guard jobs[name] == nil else { return }
        lastID += 1
        // The pause between crashes keeps a service manager's limit of starts out of reach.
        let delay = isSuspect ? settings.retryDelay.first : .zero
        let job = Job(
            id: ClaimID(rawValue: lastID), fingerprint: fingerprint, place: .waiting(attempts),
            step: .waiting(until: now.monotonic + delay))
        if isSuspect { suspects.insert(name) }
        guard attempts >= settings.maximumAttempts else {
            put(name, job)
            return
        }
        let message =
            "the process ended during attempt \(attempts) of \(settings.maximumAttempts), when no other picture was "
            + "being processed"
        go(name, job, to: .quarantining(FailureReason(code: "crashed", message: message)), &actions)
    }

    mutating func begin(_ name: RelativeName, _ fingerprint: Fingerprint, _ actions: inout [Action]) {
        var job = job(name, "claimed")
        precondition(job.step == .claiming, "claimed \(name) in \(job.step)")
        if arrivals[name]?.phase == .claiming {
            put(name, nil)
        } else {
            job.place = .claimed(job.place.attempts + 1)
        }
        job.fingerprint = fingerprint
        job.isBlocked = false
        job.modelNumber = modelNumber
        job.step = .working
        put(name, job)
        actions.append(.work(job.id, name, attempt: job.place.attempts))
    }

    /// Handles a retry that could not be claimed from `waiting/`.
    mutating func refuseRetake(
        _ name: RelativeName, _ job: Job, _ refusal: Refusal, _ now: Moment, _ actions: inout [Action]
    ) {
        guard refusal != .vanished else {
            counts.vanished += 1
            return
        }
        var job = job
        if case .unusable(let reason) = refusal {
            // The picture was claimed before, so only an operator can make it readable again.
            job.place = .claimed(job.place.attempts + 1)
            go(name, job, to: .quarantining(FailureReason(code: "unreadable", message: reason)), &actions)
            return
        }
        if case .environment(let reason) = refusal { startPause(reason, now, &actions) }
        job.step = .waiting(until: now.monotonic)
        if case .blocked(let until) = refusal {
            // It may have to wait for long; others must not wait with it.
            suspects.remove(name)
            job.isBlocked = true
            job.step = .waiting(until: until)
        }
        put(name, job)
    }

    mutating func conclude(
        _ id: ClaimID, _ outcome: Outcome, _ fingerprint: Fingerprint, isTouched: Bool, _ now: Moment,
        _ actions: inout [Action]
    ) {
        guard let name = names[id], let job = jobs[name], job.id == id, job.step == .working else {
            // The claim was returned meanwhile, or the outcome was reported twice.
            actions.append(.discard(id))
            return
        }
        let attempt = job.place.attempts
        suspects.remove(name)
        if case .restored = outcome { praiseModel(job, &actions) }
        switch outcome {
        // A file that changed during processing was incomplete, so its outcome does not count.
        case .restored, .failed, .unusableResult:
            // A touched file's writer set the old time again, or wrote within one tick of the clock.
            if fingerprint != job.fingerprint || isTouched && outcome.isFailure {
                waitForMore(name, job, fingerprint, isUnchanged: false, now, &actions)
            } else if case .failed(let reason, let isRetryable) = outcome {
                retryOrQuarantine(name, job, reason, isRetryable: isRetryable, &actions)
            } else if case .unusableResult(let reason) = outcome {
                if blameModel(name, reason, &actions) {
                    go(name, job, to: .parking(attempts: attempt - 1, delayed: false), &actions)
                } else {
                    go(name, job, to: .quarantining(reason), &actions)
                }
            } else {
                go(name, job, to: .publishing, &actions)
                return
            }
        case .truncated:
            let isUnchanged = fingerprint == job.fingerprint
            waitForMore(name, job, fingerprint, isUnchanged: isUnchanged, now, &actions)
        case .environment(let reason, _):
            startPause(reason, now, &actions)
            go(name, job, to: .parking(attempts: attempt - 1, delayed: false), &actions)
        case .returned: giveBack(name, job, &actions)
        }
        actions.append(.discard(id))
    }

    private mutating func retryOrQuarantine(
        _ name: RelativeName, _ job: Job, _ reason: FailureReason, isRetryable: Bool,
        _ actions: inout [Action]
    ) {
        if isRetryable, job.place.attempts < settings.maximumAttempts {
            counts.retried += 1
            go(name, job, to: .parking(attempts: job.place.attempts, delayed: true), &actions)
        } else {
            go(name, job, to: .quarantining(reason), &actions)
        }
    }

    /// Puts an incomplete picture back into the inbox, where a writer that opens it again by name finds it.
    /// If it has not changed for the grace period, the picture is quarantined.
    private mutating func waitForMore(
        _ name: RelativeName, _ job: Job, _ fingerprint: Fingerprint, isUnchanged: Bool, _ now: Moment,
        _ actions: inout [Action]
    ) {
        var job = job
        let since = isUnchanged ? job.truncatedSince ?? now.monotonic : now.monotonic
        let quiet = max(now.monotonic - since, now.wall - fingerprint.modified)
        if isUnchanged, quiet >= settings.arrivalPatience {
            let reason = FailureReason(
                code: "truncated",
                message: "the file ends too early, and has not changed for \(quiet.components.seconds) s")
            go(name, job, to: .quarantining(reason), &actions)
        } else if job.place.attempts > 1 {
            let reason = FailureReason(
                code: "truncated", message: "the file ends too early, or keeps changing")
            retryOrQuarantine(name, job, reason, isRetryable: true, &actions)
        } else {
            job.truncatedSince = since
            go(name, job, to: .puttingBack(fingerprint), &actions)
        }
    }

    /// Returns a picture without counting the attempt that was cut short.
    private mutating func giveBack(_ name: RelativeName, _ job: Job, _ actions: inout [Action]) {
        if isStopping, job.place.attempts == 1 {
            go(name, job, to: .puttingBack(job.fingerprint), &actions)
        } else {
            // The delay keeps a worker that returns every picture from causing a busy loop.
            go(name, job, to: .parking(attempts: job.place.attempts - 1, delayed: true), &actions)
        }
    }

    mutating func giveBackAll(_ actions: inout [Action]) {
        isStopping = true
        for (name, job) in jobs.sorted(by: { $0.key < $1.key }) {
            if job.step == .working {
                giveBack(name, job, &actions)
                actions.append(.discard(job.id))
            } else if suspended.contains(name) {
                // The picture stays where it is on the disk, and the next start finds it there.
                actions.append(.discard(job.id))
                end(name)
            }
        }
    }

    mutating func complete(_ name: RelativeName, _ now: Moment, _ actions: inout [Action]) {
        var job = job(name, "completed")
        switch job.step {
        case .publishing: go(name, job, to: .settlingOriginal, &actions)
        case .settlingOriginal:
            counts.done += 1
            leftOut.noteHeadway()
            hasWorkedSinceIdle = true
            troubles = 0
            actions.append(.discard(job.id))
            end(name)
        case .quarantining:
            counts.failed += 1
            leftOut.noteHeadway()
            hasWorkedSinceIdle = true
            troubles = 0
            end(name)
        case .parking(let attempts, let isDelayed):
            job.place = .waiting(attempts)
            let delay = isDelayed ? settings.retryDelay.delay(try: attempts - 1, &random) : .zero
            job.step = .waiting(until: now.monotonic + delay)
            put(name, job)
        case .waiting, .claiming, .working, .puttingBack:
            preconditionFailure("completed \(name) in \(job.step)")
        }
    }

    mutating func putBack(_ name: RelativeName, _ isBack: Bool, _ now: Moment, _ actions: inout [Action]) {
        let job = job(name, "putBack")
        guard case .puttingBack(let fingerprint) = job.step else {
            preconditionFailure("putBack \(name) in \(job.step)")
        }
        guard isBack else {
            if isStopping {
                go(name, job, to: .parking(attempts: job.place.attempts - 1, delayed: false), &actions)
            } else {
                let reason = FailureReason(
                    code: "superseded", message: "the file ends too early, and its name was delivered again")
                go(name, job, to: .quarantining(reason), &actions)
            }
            return
        }
        end(name)
        var arrival = Arrival(
            fingerprint: fingerprint, phase: .settling(until: now.monotonic + settings.stability), scan: scan,
            owner: job.owner)
        if fingerprint == job.fingerprint, let since = job.truncatedSince {
            let age = max(now.monotonic - since, now.wall - fingerprint.modified)
            arrival.truncatedSince = since
            arrival.phase = .held(
                until: now.monotonic + max(settings.arrivalPatience - age, settings.stability))
        }
        put(name, arrival)
    }
}
