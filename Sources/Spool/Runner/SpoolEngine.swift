import Files
import Logging

/// Feeds events to the machine, performs its actions, and feeds their results back. It is used by one thread
/// at a time, never waits and calls nothing outside. What others must be told is collected for
/// ``takeDeliveries()``.
package final class SpoolEngine {
    package enum Delivery: Sendable {
        case work(Claim)
        case notice(SpoolNotice)
        /// The inbox is to be read; ``SpoolEngine/endScan(_:)`` is to follow.
        case scan(ScanOrder)
        case stopped
    }

    package let disk: SpoolDisk
    package private(set) var machine: SpoolMachine
    var deliveries: [Delivery] = []
    let logger: Logger
    let clock: @Sendable () -> Moment
    let scout: InboxScout
    /// The spool's: pictures on another could not be claimed.
    var mount: Mount
    var plan = ScanPlan()
    /// Whether scans are asked for by ``takeDeliveries()``, to be had on another queue, instead of had here.
    var handsScansOut = false
    var inboxProblem: String?
    /// Why inotify cannot be relied on; nil where it can.
    var pollingReason: String?
    var hasSaidFull = false
    var upkeptAt = Duration.zero
    var overflows = 0
    var reports = EntryReports()
    var refusals = RefusalReports()
    var heldReasons = HeldReasons()
    var copiedCount = 0
    var badPictureLines = LineBudget()
    private var troubles = SaidOnce<String>(limit: 1000)
    /// The versions of the components in use, for the status and the JSON beside failed pictures.
    package var versions: [String: String]
    var blocked: BlockedPlaces
    /// Called for every entry that is processed, so that the watchdog does not take long work for a hang.
    let beat: @Sendable () -> Void
    var claims: [ClaimID: ClaimedFile] = [:]
    /// When each picture was claimed.
    var begun: [RelativeName: Duration] = [:]
    var staged: [ClaimID: StagedOutput] = [:]
    var published: [RelativeName: PublishedOutput] = [:]
    /// Pictures in `failed/` whose writers may not have finished, in the order in which they were given up.
    var givenUp: [Remembered] = []
    var probeByteCount = 0
    private let startedAt: Duration

    /// Opens the spool: takes its lock, creates its folders, removes what ended processes left behind,
    /// recovers the pictures they were processing, and scans the inbox.
    package init(
        _ options: SpoolOptions, logger: Logger, files: FileSystem = FileSystem(),
        clock: @escaping @Sendable () -> Moment = systemClock, beat: @escaping @Sendable () -> Void = {},
        scanBeat: @escaping @Sendable () -> Void = {}
    ) throws(SpoolError) {
        disk = try SpoolDisk(options, files: files)
        self.logger = logger
        self.clock = clock
        self.beat = beat
        versions = options.versions
        blocked = BlockedPlaces(first: options.pauseDelay)
        startedAt = clock().wall
        machine = SpoolMachine(options.machine, concurrency: options.concurrency)
        do throws(FileError) {
            mount = try files.mount(of: disk.root)
            scout = InboxScout(
                inbox: options.layout.inbox, mount: mount, shard: options.layout.shard, files: files,
                beat: scanBeat)
            let swept = try disk.sweep()
            if swept > 0 {
                logger.event(.swept, "removed what dead runs left half written", ["files": "\(swept)"])
            }
            try recover()
            try disk.clearSuspect()
        } catch {
            throw .unusable(what: "spool", error)
        }
        logger.event(
            .opened, "spool opened",
            [
                "inbox": .stringConvertible(options.layout.inbox),
                "outbox": .stringConvertible(options.layout.outbox),
            ])
        scan()
        upkeep()
    }

    func recover() throws(FileError) {
        let known = machine
        let recovered = try disk.recover(except: known.hasJob, at: clock().wall)
        for picture in recovered {
            logger.event(
                .recovered, level: .notice, "recovered a picture that an earlier run was processing",
                [
                    "file": .stringConvertible(picture.name), "attempt": "\(picture.attempts)",
                    "job": "\(jobID(picture.name, picture.fingerprint))",
                ])
            handle(
                .recovered(
                    picture.name, attempts: picture.attempts, picture.fingerprint,
                    isSuspect: picture.isSuspect))
        }
    }

    // MARK: Events

    package func handle(_ event: SpoolMachine.Event) {
        var events = [event]
        while !events.isEmpty {
            let actions = machine.handle(events.removeFirst(), at: clock())
            events += actions.compactMap(perform)
        }
    }

    /// Ends a claim with its worker's outcome.
    package func finish(_ id: ClaimID, _ outcome: Outcome) {
        guard let claim = claims[id] else {
            // The claim was returned meanwhile.
            disk.discard(outcome)
            return
        }
        switch outcome {
        case .restored(let output): staged[id] = output
        case .environment(_, let byteCount) where byteCount > 0: probeByteCount = byteCount
        case .failed, .unusableResult, .truncated, .environment, .returned: break
        }
        if machine.isSuspect(id) { try? disk.clearSuspect() }
        let status = try? disk.files.status(of: claim.file)
        // Where the times come from a cache, that of the claim itself may come late.
        let isTouched = disk.trustsLeases && status.map { $0.changed != claim.changed } ?? false
        handle(.finished(id, outcome, status?.fingerprint ?? claim.fingerprint, isTouched: isTouched))
    }

    /// Finds pictures that a fault left where the machine does not know of them.
    func reconcile() {
        do throws(FileError) {
            try recover()
        } catch {
            logger.event(.scanFailed, level: .warning, "the spool could not be read", ["reason": "\(error)"])
        }
    }

    /// Returns what others must be told, and clears it.
    package func takeDeliveries() -> [Delivery] {
        defer { deliveries = [] }
        return deliveries
    }

    /// Whether something was not said before.
    func isNews(_ text: String) -> Bool { troubles.isNews(text, at: clock().monotonic) }

    // MARK: Counts

    /// Rewrites `status.json`, though not durably: after a power loss the folders still show the state.
    package func writeStatus() {
        do throws(FileError) {
            try disk.writeStatus(snapshot())
        } catch {
            if isNews("\(error)") {
                logger.event(
                    .statusFailed, level: .warning, "status.json cannot be written", ["reason": "\(error)"])
            }
        }
    }

    package func snapshot() -> SpoolSnapshot {
        var snapshot = machine.counts
        snapshot.pauseReason = machine.pauseReason
        snapshot.overflows = overflows
        // A user may have removed the last blocked picture.
        if snapshot.blocked + snapshot.held > 0 { snapshot.blockedReason = blocked.reason }
        if snapshot.blocked > 0, snapshot.blockedReason == nil { snapshot.blockedReason = "see the log" }
        snapshot.heldReason = snapshot.held > 0 ? heldReasons.text(machine.isHeld) : nil
        snapshot.copied = copiedCount
        snapshot.passedOver = reports.passedOverCount
        if let (count, tally, reason) = reports.unreadable {
            snapshot.unreadable = count
            snapshot.unreadableReason = "\(tally.example): \(reason ?? "see the log")"
        }
        snapshot.isPolling = pollingReason != nil
        snapshot.isInboxPresent = inboxProblem == nil
        snapshot.startedAt = Int(startedAt.components.seconds)
        snapshot.pid = disk.pid
        snapshot.versions = versions
        snapshot.updatedAt = Int(clock().wall.components.seconds)
        return snapshot
    }
}
