import Files
import HeapModule
import RandomNumbers

/// The spool's logic as a pure value, which takes events and returns actions. It knows neither disk nor clock
/// nor log.
///
/// A picture in the inbox is an *arrival*; one that the spool has claimed is a *job*. A name may have both,
/// if it is delivered again while its first picture is being processed. The arrival then waits.
///
/// Arrival: settling → ready → claiming → (job); or held until it changes or its time comes; or known as
/// done.
/// Job: claiming → working → publishing → settling the original → gone; or → parking → waiting → claiming; or
/// → quarantining → gone; or → putting back → (arrival).
package struct SpoolMachine: Sendable {
    package struct Settings: Sendable {
        /// The quiet time after a rename into the inbox or after a writer closed the file.
        package var settle = Duration.milliseconds(300)
        /// The time between two looks that must find the same size, time and inode.
        package var stability = Duration.seconds(1)
        /// How long a picture that ends too early, or that is open for writing, is waited for after its last change.
        package var arrivalPatience = Duration.seconds(300)
        package var maximumAttempts = 3
        /// After so many pictures in a row without a usable result since the model was loaded, it is the model's fault.
        package var modelFailureLimit = 5
        package var retryDelay = Backoff(first: .seconds(1), limit: .seconds(60))
        package var pauseDelay = Backoff(first: .seconds(1), limit: .seconds(60))
        /// The delay before a file that could not be claimed is tried again.
        package var refusalDelay = Duration.seconds(30)
        /// Pictures of the inbox that are kept in mind at a time; see ``IndexRoom``.
        package var indexLimit = 100_000
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
        /// The number of the user whose file it is.
        var owner: UInt32 = 0
        /// When the content was first found incomplete; nil again once it changes.
        var truncatedSince: Duration?
        /// Whether somebody was seen to write to it and not to close it since.
        var isBeingWritten = false

        /// Not on its way to a worker.
        var isResting: Bool {
            switch phase {
            case .settling, .ready, .claiming: false
            case .held, .done: true
            }
        }
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
        /// The user's number; 0 for what a former run had taken.
        var owner: UInt32 = 0
        /// Which model was loaded when its attempt began.
        var modelNumber: UInt64 = 0
        var truncatedSince: Duration?
        /// Whether the job waits only because its folder is at fault, not the picture.
        var isBlocked = false
        /// When the step's action is requested again; nil unless its folder refused it.
        var blockedUntil: Duration?
        /// How often in a row the folder refused the action.
        var blocks = 0

        /// Whether the job occupies a place, waits for one, or waits until its folder is repaired.
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
    /// The numbers of pictures by state and result. They are updated with every change, so reading them is
    /// cheap. The engine fills in the rest of the snapshot.
    package internal(set) var counts = SpoolSnapshot()
    let concurrency: Int
    package internal(set) var isStopping = false
    var hasStopped = false
    var arrivals: [RelativeName: Arrival] = [:]
    var room: IndexRoom
    var leftOut = LeftOut()
    var jobs: [RelativeName: Job] = [:]
    var names: [ClaimID: RelativeName] = [:]
    /// Jobs whose action met an environment fault and is requested again after the pause.
    var suspended: Set<RelativeName> = []
    /// Jobs that were being processed when a process ended, and whose workers have not reported since. One of
    /// them may have crashed it. Until all are cleared, pictures are processed one at a time, so that a crash
    /// affects no other.
    var suspects: Set<RelativeName> = []
    /// The queues. An entry is valid only if it agrees with its arrival or job.
    var readyQueue = TurnQueue()
    var retryQueue = Heap<QueueEntry>()
    var blockedQueue = Heap<QueueEntry>()
    var timers = Heap<QueueEntry>()
    var pause: Pause?
    var model = ModelState.untried([])
    /// Grows with every model that is loaded.
    var modelNumber: UInt64 = 0
    /// The pauses and failed probes since a picture was last finished; the delay grows with them.
    var troubles = 0
    var scan: UInt64 = 0
    var lastID: UInt64 = 0
    var freshSinceRetry = 0
    var hasWorkedSinceIdle = false
    var random: RandomSequence

    package init(_ settings: Settings, concurrency: Int) {
        precondition(settings.maximumAttempts >= 1, "a picture needs at least one attempt")
        self.settings = settings
        room = IndexRoom(limit: settings.indexLimit)
        self.concurrency = max(concurrency, 0)
        random = RandomSequence(settings.seed)
    }

    /// Why intake has paused by itself; nil if it has not.
    package var pauseReason: String? { pause?.reason ?? modelFault }

    /// Whether pictures will be processed without any new event in the inbox.
    package var hasWork: Bool {
        counts.ready + counts.waiting + counts.active > 0 || counts.beyond > 0 && leftOut.isHopeful
    }

    /// Whether pictures were left in the inbox for want of room, and there is room now.
    var isHungry: Bool { counts.beyond > 0 && room.isHalfEmpty && leftOut.isHopeful && !isStopping }

    /// Whether what rests has filled its room, so that not all that is done is known as done.
    var isForgetful: Bool { room.isRestFull }

    /// Whether intake has paused and every active job waits for the disk.
    package var isStuck: Bool { pauseReason != nil && counts.active == suspended.count }

    /// Whether another picture may be begun, if there is a place for it.
    var mayBegin: Bool { pauseReason == nil && !counts.isHeld && !isStopping }

    /// The number of pictures that may be processed at the same time now.
    var places: Int { suspects.isEmpty ? concurrency : min(concurrency, 1) }

    /// Whether a name is known to be in the spool; recovery skips such names.
    package func hasJob(_ name: RelativeName) -> Bool { jobs[name] != nil }

    /// Whether a picture rests in the inbox until it changes or its time comes.
    func isHeld(_ name: RelativeName) -> Bool {
        if case .held? = arrivals[name]?.phase { return true }
        return false
    }

    /// Whether a picture may have ended a process, and is therefore worked on alone.
    package func isSuspect(_ name: RelativeName) -> Bool { suspects.contains(name) }

    /// Whether a picture of this name is in the inbox, as far as is known.
    func isAwaited(_ name: RelativeName) -> Bool { arrivals[name] != nil }

    func isSuspect(_ id: ClaimID) -> Bool { names[id].map(isSuspect) ?? false }

    /// The fingerprint that a picture in the spool had when it was claimed.
    package func fingerprint(of name: RelativeName) -> Fingerprint? { jobs[name]?.fingerprint }

    /// The next moment (monotonic) at which a tick will change something; nil if none will.
    package var nextWake: Duration? {
        var next = timers.min?.time
        // Without a free place, a retry that is due would cause wake-ups in vain.
        if mayBegin, counts.active < places, let retry = retryQueue.min?.time {
            next = min(next ?? retry, retry)
        }
        if pause == nil, !isStopping, let again = blockedQueue.min?.time {
            next = min(next ?? again, again)
        }
        if let pause, !pause.isProbing { next = min(next ?? pause.until, pause.until) }
        return next
    }

    /// Processes one event and returns the actions to perform now, in order.
    ///
    /// Traps on an event that cannot follow from the requested actions.
    package mutating func handle(_ event: Event, at now: Moment) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .seen(let name, let fingerprint, let sign, let owner):
            see(name, fingerprint, sign, owner: owner, now)
        case .vanished(let name): forget(name)
        case .scanBegan:
            scan += 1
            leftOut.beginScan(free: room.free, &random)
        case .scanEnded(let isComplete): endScan(isComplete: isComplete)
        case .trackLost: forgetWriters(now)
        case .recovered(let name, let attempts, let fingerprint, let isSuspect):
            recover(name, attempts, fingerprint, isSuspect: isSuspect, now, &actions)
        case .claimed(let name, let fingerprint): begin(name, fingerprint, &actions)
        case .refused(let name, let refusal): refuse(name, refusal, now, &actions)
        case .finished(let id, let outcome, let fingerprint, let isTouched):
            conclude(id, outcome, fingerprint, isTouched: isTouched, now, &actions)
        case .completed(let name): complete(name, now, &actions)
        case .putBack(let name, let isBack): putBack(name, isBack, now, &actions)
        case .faulted(let name, let fault): fail(name, fault, now, &actions)
        case .probed(let trouble): endProbe(trouble, now, &actions)
        case .modelChanged: changeModel(&actions)
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

    /// Reports once that the queue has drained, and once that the stop is complete.
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
