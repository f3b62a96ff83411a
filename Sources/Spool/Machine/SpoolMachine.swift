import Files
import HeapModule
import RandomNumbers

/// The spool's logic as a pure value: events in, effects out. Disk, clock and log are outside it.
///
/// A picture in the inbox is an *arrival*; one that the spool has taken is a *job*. Both may exist for a name at
/// the same time — the name delivered again while its first picture is at work — and then the arrival waits.
///
/// Arrival: settling → ready → claiming → (job), or held until it changes or its time comes, or known as done.
/// Job: claiming → working → publishing → settling the original → gone; or → parking → waiting → claiming; or →
/// quarantining → gone; or → putting back → (arrival).
package struct SpoolMachine: Sendable {
    package struct Settings: Sendable {
        /// After a rename into the inbox or the close of a writer.
        package var settle = Duration.milliseconds(300)
        /// Between the two looks that must see the same size, time and inode.
        package var stability = Duration.seconds(1)
        /// How long a picture that ends too early is waited for after its last change.
        package var arrivalPatience = Duration.seconds(300)
        package var maximumAttempts = 3
        package var retryDelay = Backoff(first: .seconds(1), limit: .seconds(60))
        package var pauseDelay = Backoff(first: .seconds(1), limit: .seconds(60))
        /// How long one file that cannot be taken is left alone.
        package var refusalDelay = Duration.seconds(30)
        package var seed: UInt64 = 1

        package init() {}
    }

    struct Arrival: Sendable {
        enum Phase: Equatable, Sendable {
            case settling(until: Duration)
            case ready
            case claiming
            case held(until: Duration)
            case done
        }

        var fingerprint: Fingerprint
        var phase: Phase
        var scan: UInt64
        /// When its content was first found to end too early; forgotten when it changes.
        var truncatedSince: Duration?
    }

    struct Job: Sendable {
        enum Step: Equatable, Sendable {
            case waiting(until: Duration)
            case claiming
            case working
            case publishing
            case settlingOriginal
            case parking(attempts: Int, delayed: Bool)
            case puttingBack(Fingerprint)
            case quarantining(FailureReason)
        }

        var id: ClaimID
        var fingerprint: Fingerprint
        var place: Place
        var step: Step
        var truncatedSince: Duration?
        /// Waits because only its own folder is at fault, not because of itself.
        var isBlocked = false
        /// When the effect of its step is asked for again; nil where none was refused for its folder's sake.
        var blockedUntil: Duration?
        /// How often in a row that was so.
        var blocks = 0

        /// Whether it takes one of the places for work, waits for one, or waits for a folder to be put right.
        var standing: Standing {
            if case .waiting = step { return isBlocked ? .blocked : .waiting }
            return blockedUntil == nil ? .active : .blocked
        }
    }

    enum Standing {
        case active
        case waiting
        case blocked
    }

    struct Pause: Sendable {
        var reason: String
        var until: Duration
        var isProbing = false
    }

    let settings: Settings
    /// How many are where and what was done, kept as it changes, so that asking costs nothing. The rest of the snapshot
    /// is the engine's to fill in.
    package internal(set) var counts = SpoolSnapshot()
    let concurrency: Int
    package internal(set) var isStopping = false
    var hasStopped = false
    var arrivals: [RelativeName: Arrival] = [:]
    var jobs: [RelativeName: Job] = [:]
    var names: [ClaimID: RelativeName] = [:]
    /// Jobs whose effect met a fault of the environment and is asked for again after the pause.
    var suspended: Set<RelativeName> = []
    /// Jobs that were at work when a process ended, and of which no worker has said anything since. One of them may
    /// have ended it: until they are cleared, pictures are worked on one at a time, so that it takes no other with it.
    var suspects: Set<RelativeName> = []
    /// Queues; an entry counts only if the arrival or job still says the same.
    var readyQueue = Heap<QueueEntry>()
    var retryQueue = Heap<QueueEntry>()
    var blockedQueue = Heap<QueueEntry>()
    var timers = Heap<QueueEntry>()
    var pause: Pause?
    /// Pauses and vain probes since a picture was last finished; the delay grows with them.
    var troubles = 0
    var scan: UInt64 = 0
    var lastID: UInt64 = 0
    var freshSinceRetry = 0
    var hasWorkedSinceIdle = false
    var random: RandomSequence

    package init(_ settings: Settings, concurrency: Int) {
        precondition(settings.maximumAttempts >= 1, "a picture needs at least one attempt")
        self.settings = settings
        self.concurrency = max(concurrency, 0)
        random = RandomSequence(settings.seed)
    }

    /// Why intake has paused by itself; nil when it has not.
    package var pauseReason: String? { pause?.reason }

    /// Pictures that will be worked on without anything more happening in the inbox.
    package var hasWork: Bool { counts.ready + counts.waiting + counts.active > 0 }

    /// Paused, and whatever is in hand waits for the disk.
    package var isStuck: Bool { pause != nil && counts.active == suspended.count }

    /// Pictures that may be at work now.
    var places: Int { suspects.isEmpty ? concurrency : min(concurrency, 1) }

    /// Whether a name is known to be in the spool; recovery passes it over.
    package func hasJob(_ name: RelativeName) -> Bool { jobs[name] != nil }

    /// The content of a picture in the spool, as it was when it was claimed.
    package func fingerprint(of name: RelativeName) -> Fingerprint? { jobs[name]?.fingerprint }

    /// The next moment (monotonic) at which a tick will change something; nil if none will.
    package var nextWake: Duration? {
        var next = timers.min?.time
        // Without a free place a retry that is due would wake us again and again.
        if !isStopping, !counts.isHeld, pause == nil, counts.active < places, let retry = retryQueue.min?.time
        {
            next = min(next ?? retry, retry)
        }
        if pause == nil, !isStopping, let again = blockedQueue.min?.time {
            next = min(next ?? again, again)
        }
        if let pause, !pause.isProbing { next = min(next ?? pause.until, pause.until) }
        return next
    }

    /// Takes in one event and answers with the effects to have now, in this order.
    ///
    /// Traps on an event that cannot follow from the effects asked for.
    package mutating func handle(_ event: Event, at now: Moment) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .seen(let name, let fingerprint, let sign): see(name, fingerprint, sign, now)
        case .vanished(let name): forget(name)
        case .scanBegan: scan += 1
        case .scanEnded(let isComplete): if isComplete { forgetUnseen() }
        case .recovered(let name, let attempts, let fingerprint):
            recover(name, attempts, fingerprint, now, &actions)
        case .claimed(let name, let fingerprint): begin(name, fingerprint, &actions)
        case .refused(let name, let refusal): refuse(name, refusal, now, &actions)
        case .finished(let id, let outcome, let fingerprint):
            conclude(id, outcome, fingerprint, now, &actions)
        case .completed(let name): complete(name, now, &actions)
        case .putBack(let name, let isBack): putBack(name, isBack, now, &actions)
        case .faulted(let name, let fault): fail(name, fault, now, &actions)
        case .probed(let trouble): endProbe(trouble, now, &actions)
        case .tick: break
        case .hold(let isHeld): counts.isHeld = isHeld
        case .stop:
            isStopping = true
            if isStuck { giveBackAll(&actions) }
        case .stopNow: giveBackAll(&actions)
        }
        fireTimers(now, &actions)
        askBlocked(now, &actions)
        schedule(now, &actions)
        noticeRest(&actions)
        return actions
    }

    /// Says once that nothing is left to do, and once that the stop is complete.
    private mutating func noticeRest(_ actions: inout [Action]) {
        if isStopping, counts.active == 0, !hasStopped {
            hasStopped = true
            actions.append(.stopped)
        }
        if hasWorkedSinceIdle, !hasWork, counts.arriving == 0 {
            hasWorkedSinceIdle = false
            actions.append(.idle)
        }
    }
}
