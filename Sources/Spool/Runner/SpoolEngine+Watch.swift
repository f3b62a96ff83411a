import Files

/// What the engine does with the watcher's findings.
extension SpoolEngine {
    /// Time until the inbox is to be read again without any event.
    private var scanInterval: Duration {
        let isReliable = watcher.pollingReason == nil && inboxProblem == nil
        return isReliable
            ? disk.options.rescanInterval : min(disk.options.pollInterval, disk.options.rescanInterval)
    }

    /// When time has something to say: an arrival has settled, a retry is due, or the inbox is to be read again.
    package var nextWake: Duration {
        let nextScan = scannedAt + scanInterval
        return min(machine.nextWake ?? nextScan, nextScan, upkeptAt + Self.upkeepInterval)
    }

    /// Time has passed.
    package func wake() {
        if clock().monotonic >= scannedAt + scanInterval { scan() }
        if clock().monotonic >= upkeptAt + Self.upkeepInterval { upkeep() }
        handle(.tick)
    }

    /// Becomes readable when something happened in the inbox; nil without inotify.
    package var watchDescriptor: Descriptor? { watcher.descriptor }

    /// Reads the whole inbox.
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

    /// Takes what inotify has to say.
    package func hear() {
        var findings: [InboxWatcher.Finding] = []
        let heard = watcher.hear { findings.append($0) }
        findings.forEach(take)
        if heard.hasOverflowed {
            overflows += 1
            logger.event(
                .overflowed, level: .warning, "the queue of events overflowed: reading the inbox anew")
        }
        if heard.needsScan { scan() }
    }

    /// Takes hold of the spool anew where the inbox's filesystem was mounted again.
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
        case .picture(let name, let fingerprint, let sign): handle(.seen(name, fingerprint, sign))
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

/// Remembers what was reported, so that each thing is reported once while it lasts.
struct ScanReports {
    /// An inbox full of other things must not fill the memory; beyond this they are reported at each scan.
    private static let limit = 10_000

    private var passedOver: Set<RelativeName> = []
    private var found: Set<RelativeName> = []
    private var refused: Set<RelativeName> = []
    private var troubles: Set<String> = []

    var passedOverCount: Int { max(passedOver.count, found.count) }

    mutating func begin() {
        found = []
    }

    /// After a complete scan, only what it found is still there.
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
