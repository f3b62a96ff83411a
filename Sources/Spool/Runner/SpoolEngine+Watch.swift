import Files

/// Passes the watcher's findings to the machine.
extension SpoolEngine {
    /// The time until the inbox is scanned again if no event arrives.
    private var scanInterval: Duration {
        let isReliable = watcher.pollingReason == nil && inboxProblem == nil
        return isReliable
            ? disk.options.rescanInterval : min(disk.options.pollInterval, disk.options.rescanInterval)
    }

    /// The next time at which an arrival has settled, a retry is due, or the inbox is to be scanned.
    package var nextWake: Duration {
        let nextScan = scannedAt + scanInterval
        return min(machine.nextWake ?? nextScan, nextScan, upkeptAt + Self.upkeepInterval)
    }

    /// Does what is due now.
    package func wake() {
        if clock().monotonic >= scannedAt + scanInterval {
            scan()
            reviewGivenUp()
        }
        if clock().monotonic >= upkeptAt + Self.upkeepInterval { upkeep() }
        handle(.tick)
    }

    /// A descriptor that becomes readable when the inbox changes; nil without inotify.
    package var watchDescriptor: Descriptor? { watcher.descriptor }

    /// Scans the whole inbox.
    package func scan() {
        scannedAt = clock().monotonic
        followMount()
        let wasPolling = watcher.pollingReason != nil
        reports.begin()
        handle(.scanBegan)
        var findings: [InboxWatcher.Finding] = []
        let (inbox, isComplete) = watcher.scan { findings.append($0) }
        for finding in findings {
            take(finding)
            beat()
        }
        handle(.scanEnded(complete: isComplete))
        if isComplete { reports.end() }
        notice(inbox)
        if !wasPolling, let reason = watcher.pollingReason {
            logger.event(
                .polling, level: .warning, "inotify cannot be relied on: polling", ["reason": "\(reason)"])
        }
    }

    /// Processes the pending inotify events.
    package func hear() {
        var findings: [InboxWatcher.Finding] = []
        let heard = watcher.hear { findings.append($0) }
        findings.forEach(take)
        if heard.hasLostTrack { handle(.trackLost) }
        if heard.hasOverflowed {
            overflows += 1
            logger.event(
                .overflowed, level: .warning, "the queue of events overflowed: reading the inbox anew")
        }
        if heard.needsScan { scan() }
    }

    /// Reopens the spool after the inbox's filesystem was mounted again.
    private func followMount() {
        do {
            guard try disk.followMount() else { return }
            watcher.mount = try disk.files.mount(of: disk.root)
            logger.event(.inboxFound, level: .notice, "the spool is mounted anew: taking hold of it")
            try recover()
        } catch {
            if reports.isNews("\(error)") {
                logger.event(
                    .scanFailed, level: .warning, "the spool cannot be taken hold of anew",
                    ["reason": "\(error)"])
            }
        }
    }

    private func take(_ finding: InboxWatcher.Finding) {
        switch finding {
        case .picture(let name, let fingerprint, let sign, let owner):
            handle(.seen(name, fingerprint, sign, owner: owner))
        case .gone(let name):
            reports.forget(name)
            handle(.vanished(name))
        case .passedOver(let name, let reason):
            if reports.passOver(name) {
                logger.event(
                    .passedOver, level: .notice, "not a picture to take: left in the inbox",
                    ["file": .stringConvertible(name), "reason": "\(reason)"])
            }
        case .trouble(let reason):
            if reports.isNews(reason) {
                logger.event(
                    .scanFailed, level: .warning, "part of the inbox cannot be read", ["reason": "\(reason)"])
            }
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
                .inboxFound, level: .notice, "another folder has taken the inbox's place: watching it")
        case .present:
            if inboxProblem != nil { logger.event(.inboxFound, level: .notice, "the inbox is back") }
            inboxProblem = nil
        }
        if case .replaced = inbox { inboxProblem = nil }
    }
}

/// Remembers what was reported, so that each condition is reported once while it lasts.
struct ScanReports {
    /// The limit keeps an inbox full of other files from filling the memory. Entries beyond it are reported
    /// at each scan.
    private static let limit = 10_000

    private var passedOver: Set<RelativeName> = []
    private var found: Set<RelativeName> = []
    private var refused: Set<RelativeName> = []
    private var troubles: Set<String> = []

    var passedOverCount: Int { max(passedOver.count, found.count) }

    mutating func begin() {
        found = []
    }

    /// Ends a complete scan: entries that it did not find no longer exist.
    mutating func end() {
        passedOver = found
        if refused.count > Self.limit { refused = [] }
        if troubles.count > Self.limit { troubles = [] }
    }

    mutating func forget(_ name: RelativeName) {
        passedOver.remove(name)
        refused.remove(name)
    }

    mutating func passOver(_ name: RelativeName) -> Bool {
        if found.count < Self.limit { found.insert(name) }
        guard passedOver.count < Self.limit else { return !passedOver.contains(name) }
        return passedOver.insert(name).inserted
    }

    mutating func isNews(_ name: RelativeName) -> Bool { refused.insert(name).inserted }
    mutating func isNews(_ trouble: String) -> Bool { troubles.insert(trouble).inserted }
}
