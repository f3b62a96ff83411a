import HeapModule
import RandomNumbers

/// A delay that doubles with every try, up to a limit. A quarter of jitter either way keeps several spools on
/// one disk from retrying at the same moment.
package struct Backoff: Sendable {
    package var first: Duration
    package var limit: Duration

    package init(first: Duration, limit: Duration) {
        self.first = first
        self.limit = limit
    }

    func delay(try count: Int, _ random: inout RandomSequence) -> Duration {
        let doubled = first * (1 << min(max(count, 0), 20))
        return min(doubled, limit) * random.uniform(0.75, 1.25)
    }
}

/// Handles environment faults: pauses, probes and resumes. Such a fault counts as no picture's attempt.
extension SpoolMachine {
    mutating func startPause(_ reason: String, _ now: Moment, _ actions: inout [Action]) {
        guard pause == nil else { return }
        counts.pauses += 1
        pause = Pause(
            reason: reason, until: now.monotonic + settings.pauseDelay.delay(try: troubles, &random))
        troubles += 1
        actions.append(.pause(reason))
    }

    mutating func endProbe(_ trouble: String?, _ now: Moment, _ actions: inout [Action]) {
        guard var pause, pause.isProbing else { preconditionFailure("a probe that was not asked for") }
        if let trouble {
            pause.reason = trouble
            pause.until = now.monotonic + settings.pauseDelay.delay(try: troubles, &random)
            troubles += 1
            pause.isProbing = false
            self.pause = pause
            return
        }
        self.pause = nil
        actions += [.resume, .reconcile]
        let again = suspended.sorted()
        suspended = []
        for name in again {
            guard let job = jobs[name] else { continue }
            ask(name, job, &actions)
        }
    }

    /// Handles the failure of the action of a job's step.
    mutating func fail(_ name: RelativeName, _ fault: Fault, _ now: Moment, _ actions: inout [Action]) {
        guard let job = jobs[name] else { preconditionFailure("faulted \(name), which is not there") }
        switch (fault.scope, job.step) {
        case (_, .waiting), (_, .claiming), (_, .working):
            preconditionFailure("faulted \(name) in \(job.step)")
        case (.vanished, _):
            counts.vanished += 1
            actions.append(.discard(job.id))
            end(name)
        case (.item, .publishing):
            actions.append(.discard(job.id))
            go(
                name, job, to: .quarantining(FailureReason(code: "output-conflict", message: fault.message)),
                &actions)
        case (.environment, .publishing):
            startPause(fault.message, now, &actions)
            actions.append(.discard(job.id))
            go(name, job, to: .parking(attempts: job.place.attempts - 1, delayed: false), &actions)
        case (.blocked, .publishing):
            var job = job
            job.isBlocked = true
            actions.append(.discard(job.id))
            go(name, job, to: .parking(attempts: job.place.attempts - 1, delayed: true), &actions)
        case (.environment, _):
            startPause(fault.message, now, &actions)
            suspended.insert(name)
        case (.blocked, _), (.item, _): block(name, job, now, &actions)
        }
    }

    /// Blocks a job: its action is requested again later. Meanwhile it takes no place and keeps no file open.
    private mutating func block(_ name: RelativeName, _ job: Job, _ now: Moment, _ actions: inout [Action]) {
        var job = job
        let until = now.monotonic + settings.pauseDelay.delay(try: job.blocks, &random)
        job.blockedUntil = until
        job.blocks += 1
        put(name, job)
        blockedQueue.insert(QueueEntry(time: until, name: name))
        actions.append(.discard(job.id))
    }

    /// Requests again the actions of blocked jobs that are due. During a pause it does nothing, because the
    /// disk would refuse them anyway.
    mutating func askBlocked(_ now: Moment, _ actions: inout [Action]) {
        guard pause == nil, !isStopping else { return }
        while let entry = blockedQueue.min, entry.time <= now.monotonic {
            blockedQueue.removeMin()
            guard var job = jobs[entry.name], job.blockedUntil == entry.time else { continue }
            job.blockedUntil = nil
            put(entry.name, job)
            ask(entry.name, job, &actions)
        }
    }
}
