import Files
import Logging

/// What a scan of the inbox has to know.
package struct ScanOrder: Sendable {
    let mount: Mount
}

/// Passes the watcher's findings to the machine.
extension SpoolEngine {
    /// The time until the inbox is scanned again if no event arrives.
    private var scanInterval: Duration {
        let isReliable = pollingReason == nil && inboxProblem == nil
        return isReliable
            ? disk.options.rescanInterval : min(disk.options.pollInterval, disk.options.rescanInterval)
    }

    /// When the inbox is to be read again; nil while it is being read.
    private var scanDue: Duration? { plan.due(every: machine.isHungry ? .zero : scanInterval) }

    /// The next time at which an arrival has settled, a retry is due, or the inbox is to be scanned.
    package var nextWake: Duration {
        let times = [machine.nextWake, scanDue, upkeptAt + Self.upkeepInterval].compactMap(\.self)
        return times.min() ?? upkeptAt
    }

    /// Does what is due now.
    package func wake() {
        scanIfDue()
        logLinesLeftOut()
        if clock().monotonic >= upkeptAt + Self.upkeepInterval { upkeep() }
        handle(.tick)
    }

    /// A descriptor that becomes readable when the inbox changes; nil without inotify.
    package var watchDescriptor: Descriptor? { scout.descriptor }

    private func scanIfDue() {
        guard let due = scanDue, due <= clock().monotonic else { return }
        if handsScansOut {
            deliveries.append(.scan(beginScan()))
        } else {
            scan()
        }
    }

    /// Reads the whole inbox, here and now.
    func scan() {
        let order = beginScan()
        endScan(scout.scan(on: order.mount) { self.take($0, inScan: true) })
    }

    private func beginScan() -> ScanOrder {
        plan.begin(at: clock().monotonic)
        followMount()
        reports.begin()
        handle(.scanBegan)
        return ScanOrder(mount: mount)
    }

    /// The whole inbox was read.
    func endScan(_ result: InboxScout.Result) {
        handle(.scanEnded(complete: result.isComplete))
        for line in reports.end(isComplete: result.isComplete) { log(line) }
        notice(result.inbox)
        let reason = scout.pollingReason
        if pollingReason == nil, let reason {
            logger.event(
                .polling, level: .warning, "inotify cannot be relied on: polling", ["reason": "\(reason)"])
        }
        pollingReason = reason
        noticeRoom()
        plan.end(at: clock().monotonic)
        note(result.heard)
        reviewGivenUp()
    }

    /// Says once that the index is full.
    private func noticeRoom() {
        let beyond = machine.counts.beyond
        if beyond > 0, !hasSaidFull {
            logger.event(
                .indexFull, level: .notice,
                "the inbox holds more pictures than the index; the others follow",
                ["beyond": "\(beyond)", "limit": "\(disk.options.indexLimit)"])
        }
        hasSaidFull = beyond > 0
    }

    /// Processes the pending inotify events, here and now.
    package func hear() {
        note(scout.hear { self.take($0, inScan: false) })
    }

    /// What events asked for.
    func note(_ heard: InboxWatcher.Heard) {
        if heard.hasLostTrack { handle(.trackLost) }
        if heard.hasOverflowed {
            overflows += 1
            logger.event(
                .overflowed, level: .warning, "the event queue overflowed: rescanning the inbox")
        }
        guard heard.needsScan else { return }
        plan.want()
        scanIfDue()
    }

    /// Reopens the spool after the inbox's filesystem was mounted again.
    private func followMount() {
        do {
            guard try disk.followMount() else { return }
            mount = try disk.files.mount(of: disk.root)
            logger.event(.inboxFound, level: .notice, "the spool was mounted again: reopening it")
            try recover()
        } catch {
            if isNews("\(error)") {
                logger.event(
                    .scanFailed, level: .warning, "the spool cannot be reopened",
                    ["reason": "\(error)"])
            }
        }
    }

    /// What a scan or an event has found.
    package func take(_ findings: [InboxWatcher.Finding], inScan isScan: Bool) {
        for finding in findings {
            beat()
            switch finding {
            case .picture(let name, let fingerprint, let sign, let owner):
                if !isKnownAsDone(name, fingerprint) { handle(.seen(name, fingerprint, sign, owner: owner)) }
            case .gone(let name):
                refusals.forget(name)
                heldReasons.forget(name)
                // The event may be older than the return of a picture that was put back.
                if !machine.isAwaited(name) || !disk.isInInbox(name) { handle(.vanished(name)) }
            case .passedOver(let name, let reason): report(.passedOver, name, reason, inScan: isScan)
            case .trouble(let name?, let error):
                report(.unreadable, name, "\(error.errno)", inScan: isScan)
            case .trouble(nil, let error):
                if isNews(error.description) {
                    logger.event(
                        .scanFailed, level: .warning, "part of the inbox cannot be read",
                        ["reason": "\(error)"])
                }
            }
        }
    }

    /// Where more originals stay in the inbox than the index has room for, their records are asked instead.
    private func isKnownAsDone(_ name: RelativeName, _ fingerprint: Fingerprint) -> Bool {
        guard machine.isForgetful else { return false }
        if disk.options.originals == .keep, let isDone = try? disk.isDone(name, fingerprint), isDone {
            return true
        }
        return (try? disk.isCopied(name, fingerprint)) ?? false
    }

    private func report(
        _ kind: EntryReports.Kind, _ name: RelativeName, _ reason: String, inScan isScan: Bool
    ) {
        if isScan {
            reports.find(kind, name, reason)
        } else if let line = reports.hear(kind, name, reason) {
            log(line)
        }
    }

    private func log(_ line: EntryReports.Line) {
        let (group, tally) = (line.group, line.tally)
        var fields: Logger.Metadata = ["file": .stringConvertible(tally.example)]
        fields["reason"] = "\(group.reason ?? "in further folders, or for further reasons")"
        if tally.count > 1 {
            fields["count"] = "\(tally.count)"
            if group.reason != nil { fields["folder"] = "\(group.place.map { "\($0)" } ?? ".")" }
        }
        switch group.kind {
        case .passedOver:
            logger.event(
                .passedOver, level: .notice,
                tally.count > 1
                    ? "not pictures, such as this one: left in the inbox"
                    : "not a picture: left in the inbox", fields)
        case .unreadable:
            logger.event(.scanFailed, level: .warning, "part of the inbox cannot be read", fields)
        }
    }

    private func notice(_ inbox: InboxWatcher.Inbox) {
        switch inbox {
        case .missing(let reason):
            if inboxProblem == nil {
                logger.event(
                    .inboxLost, level: .warning, "the inbox is gone: waiting for it", ["reason": "\(reason)"])
            }
            inboxProblem = reason
        case .replaced:
            logger.event(
                .inboxFound, level: .notice, "the inbox was replaced by another folder: watching that one")
        case .present:
            if inboxProblem != nil { logger.event(.inboxFound, level: .notice, "the inbox is back") }
            inboxProblem = nil
        }
        if case .replaced = inbox { inboxProblem = nil }
    }
}
