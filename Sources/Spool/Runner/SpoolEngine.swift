import Logging

/// The machine and its effects: takes events, has the effects, feeds their results back. One thread at a time;
/// nothing here waits, and nothing here calls out. What others must be told is collected for ``takeDeliveries()``.
package final class SpoolEngine {
    package enum Delivery: Sendable {
        case work(Claim)
        case notice(SpoolNotice)
        case stopped
    }

    struct Published {
        let output: RelativeName
        let byteCount: Int
        let began: Duration
    }

    package let disk: SpoolDisk
    package private(set) var machine: SpoolMachine
    private var deliveries: [Delivery] = []
    let log: SpoolLog
    let clock: @Sendable () -> Moment
    var watcher: InboxWatcher
    var inboxProblem: String?
    var scannedAt = Duration.zero
    var overflows = 0
    var reports = ScanReports()
    private var claims: [ClaimID: ClaimedFile] = [:]
    private var begun: [ClaimID: Duration] = [:]
    private var staged: [ClaimID: StagedOutput] = [:]
    private var published: [RelativeName: Published] = [:]
    private var probeByteCount = 0
    private let startedAt: Duration

    /// Opens the spool: takes its lock, makes its folders, sweeps what dead runs left, takes up what they were
    /// at, and reads the inbox.
    package init(
        _ options: SpoolOptions, logger: Logger, files: FileSystem = FileSystem(),
        clock: @escaping @Sendable () -> Moment = systemClock
    ) throws(SpoolError) {
        disk = try SpoolDisk(options, files: files)
        log = SpoolLog(logger)
        self.clock = clock
        startedAt = clock().wall
        machine = SpoolMachine(options.machine, concurrency: options.concurrency)
        do throws(SystemError) {
            watcher = InboxWatcher(
                inbox: options.layout.inbox, mount: try files.mount(of: disk.root), files: files)
            let swept = try disk.sweep()
            if swept > 0 {
                log.info(.swept, "removed what dead runs left half written", ["files": "\(swept)"])
            }
            try recover()
        } catch {
            throw .unusable(what: "spool", error)
        }
        log.info(
            .opened, "spool opened",
            ["inbox": "\(options.layout.inbox)", "outbox": "\(options.layout.outbox)"])
        scan()
    }

    func recover() throws(SystemError) {
        let known = machine
        let recovered = try disk.recover(except: known.hasJob, at: clock().wall)
        for picture in recovered {
            log.notice(
                .recovered, "took up a picture that an earlier run had begun",
                ["file": "\(picture.name)", "attempts": "\(picture.attempts)"])
            handle(.recovered(picture.name, attempts: picture.attempts, picture.fingerprint))
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

    /// What a worker's outcome became on the worker's thread.
    package enum Result: Sendable {
        case staged(StagedOutput)
        case notStaged(String, byteCount: Int)
        case truncated
        case other(Verdict)
    }

    /// Stages an output, or makes a verdict of another outcome. Any thread may.
    package static func stage(_ outcome: Outcome, on disk: SpoolDisk) -> Result {
        switch outcome {
        case .restored(let bytes, let fileExtension):
            do throws(SystemError) {
                return .staged(try disk.stage(bytes, fileExtension: fileExtension))
            } catch {
                return .notStaged(error.description, byteCount: bytes.count)
            }
        case .failed(let reason, let isRetryable): return .other(.failed(reason, retryable: isRetryable))
        case .truncated: return .truncated
        case .environment(let reason): return .other(.environment(reason))
        case .returned: return .other(.returned)
        }
    }

    /// Takes back a claim.
    package func finish(_ id: ClaimID, _ result: Result) {
        guard let claim = claims[id] else {
            // Given back meanwhile.
            if case .staged(let output) = result { disk.discard(output) }
            return
        }
        // A file that changed while it was worked on was not complete, whatever came of it.
        let now = (try? disk.files.status(of: claim.file))?.fingerprint ?? claim.fingerprint
        let isChanged = now != claim.fingerprint
        let verdict: Verdict
        switch result {
        case .staged(let output) where isChanged:
            disk.discard(output)
            verdict = .incomplete(now)
        case .staged(let output):
            staged[id] = output
            verdict = .restored
        case .notStaged(let reason, let byteCount):
            probeByteCount = byteCount
            verdict = .environment(reason)
        case .truncated: verdict = .incomplete(now)
        case .other(.failed) where isChanged: verdict = .incomplete(now)
        case .other(let other): verdict = other
        }
        handle(.verdict(id, verdict))
    }

    // MARK: Effects

    private func perform(_ action: SpoolMachine.Action) -> SpoolMachine.Event? {
        switch action {
        case .claim(let id, let name, let fingerprint):
            return claimed(id, name, disk.claim(name, seenAs: fingerprint, at: clock().wall))
        case .retake(let id, let name, let attempts):
            return claimed(id, name, disk.retake(name, attempts: attempts))
        case .work(let id, let name, let attempt): deliver(id, name, attempt)
        case .publish(let id, let name): return publish(id, name)
        case .settleOriginal(let name, let place): return settleOriginal(name, place)
        case .park(let name, let place, let attempts):
            return attempt(name, place) { () throws(SystemError) in
                try disk.move(name, from: place, to: .waiting(attempts))
                log.park(name, from: place, attempts: attempts)
                return .completed(name)
            }
        case .putBack(let name, let place):
            return attempt(name, place) { () throws(SystemError) in
                let isBack = try disk.putBack(name, from: place)
                if isBack { log.putBack(name, isStopping: machine.isStopping) }
                return .putBack(name, isBack)
            }
        case .quarantine(let name, let place, let reason): return quarantine(name, place, reason)
        case .discard(let id):
            claims[id] = nil
            begun[id] = nil
            if let output = staged.removeValue(forKey: id) { disk.discard(output) }
        case .pause(let reason):
            log.warning(
                .paused, "intake paused: the disk, not a picture, is at fault", ["reason": "\(reason)"])
            deliveries.append(.notice(.paused(reason)))
        case .resume:
            log.notice(.resumed, "intake resumed", [:])
            deliveries.append(.notice(.resumed))
        case .probe: return .probed(disk.probe(byteCount: probeByteCount))
        case .reconcile: reconcile()
        case .idle:
            log.info(.idle, "queue drained", ["done": "\(machine.counters.done)"])
            deliveries.append(.notice(.idle(snapshot())))
        case .stopped: deliveries.append(.stopped)
        }
        return nil
    }

    private func claimed(
        _ id: ClaimID, _ name: RelativeName, _ result: SpoolDisk.ClaimResult
    ) -> SpoolMachine.Event {
        switch result {
        case .claimed(let claim):
            claims[id] = claim
            begun[id] = clock().monotonic
            return .claimed(name, claim.fingerprint)
        case .refused(let refusal):
            if case .unusable(let reason) = refusal, reports.isNews(name) {
                log.warning(
                    .refused, "a picture cannot be taken and stays in the inbox",
                    ["file": "\(name)", "reason": "\(reason)"])
            }
            return .refused(name, refusal)
        }
    }

    private func deliver(_ id: ClaimID, _ name: RelativeName, _ attempt: Int) {
        guard let file = claims[id] else { preconditionFailure("work on \(name) without its file") }
        log.debug(.claimed, "claimed", ["file": "\(name)", "attempt": "\(attempt)"])
        let limit = disk.options.maximumInputByteCount
        deliveries.append(
            .work(Claim(id: id, name: name, attempt: attempt, file: file, files: disk.files, limit: limit)))
    }

    private func publish(_ id: ClaimID, _ name: RelativeName) -> SpoolMachine.Event {
        guard let output = staged[id] else { preconditionFailure("\(name) is published without its output") }
        do throws(SystemError) {
            let outputName = try disk.publish(output, of: name)
            staged[id] = nil
            probeByteCount = 0
            published[name] = Published(
                output: outputName, byteCount: output.byteCount, began: begun[id] ?? clock().monotonic)
            return .completed(name)
        } catch {
            probeByteCount = output.byteCount
            return .faulted(name, Fault(error))
        }
    }

    private func settleOriginal(_ name: RelativeName, _ place: Place) -> SpoolMachine.Event {
        let fingerprint = fingerprint(of: name)
        return attempt(name, place) { () throws(SystemError) in
            try disk.settleOriginal(name, fingerprint, from: place)
            if let result = published.removeValue(forKey: name) {
                let duration = clock().monotonic - result.began
                log.restored(name, result.output, duration, attempt: place.attempts)
                deliveries.append(
                    .notice(
                        .restored(
                            source: name, output: result.output, byteCount: result.byteCount,
                            duration: duration)))
            }
            return .completed(name)
        }
    }

    private func quarantine(
        _ name: RelativeName, _ place: Place, _ reason: FailureReason
    ) -> SpoolMachine.Event {
        let fingerprint = fingerprint(of: name)
        return attempt(name, place) { () throws(SystemError) in
            try disk.quarantine(name, fingerprint, from: place, reason, at: clock().wall)
            log.error(
                .quarantined, "given up, moved to failed/",
                [
                    "file": "\(name)", "code": "\(reason.code)", "reason": "\(reason.message)",
                    "attempts": "\(place.attempts)",
                ])
            deliveries.append(.notice(.quarantined(source: name, reason, attempts: place.attempts)))
            return .completed(name)
        }
    }

    private func attempt(
        _ name: RelativeName, _ place: Place, _ body: () throws(SystemError) -> SpoolMachine.Event
    ) -> SpoolMachine.Event {
        do throws(SystemError) {
            return try body()
        } catch {
            guard error.errno == .noEntry, !disk.holds(name, at: place) else {
                return .faulted(name, Fault(error))
            }
            log.error(.vanished, "a picture vanished from the spool", ["file": "\(name)"])
            published[name] = nil
            return .faulted(name, Fault(.vanished, error.description))
        }
    }

    private func fingerprint(of name: RelativeName) -> Fingerprint {
        guard let fingerprint = machine.fingerprint(of: name) else {
            preconditionFailure("an effect for \(name), which is not in the spool")
        }
        return fingerprint
    }

    /// After a fault a picture may lie where the machine does not know of it.
    private func reconcile() {
        do throws(SystemError) {
            try recover()
        } catch {
            log.warning(.scanFailed, "the spool could not be read", ["reason": "\(error)"])
        }
    }

    /// What others must be told, since the last time it was asked for.
    package func takeDeliveries() -> [Delivery] {
        defer { deliveries = [] }
        return deliveries
    }

    // MARK: Counts

    /// Rewrites `status.json`. Not durably: after a power loss the folders still tell.
    package func writeStatus() {
        do throws(SystemError) {
            try disk.writeStatus(snapshot())
        } catch {
            if reports.isNews("\(error)") {
                log.warning(.statusFailed, "status.json cannot be written", ["reason": "\(error)"])
            }
        }
    }

    package func snapshot() -> SpoolSnapshot {
        var snapshot = SpoolSnapshot()
        snapshot.fill(from: machine)
        snapshot.overflows = overflows
        snapshot.passedOver = reports.passedOverCount
        snapshot.isPolling = watcher.pollingReason != nil
        snapshot.isInboxPresent = inboxProblem == nil
        snapshot.startedAt = Int(startedAt.components.seconds)
        snapshot.pid = disk.pid
        snapshot.updatedAt = Int(clock().wall.components.seconds)
        return snapshot
    }
}
