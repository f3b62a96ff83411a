import FileAccess

/// The spool's counts at one moment.
public struct SpoolSnapshot: Equatable, Sendable, Codable {
    /// In the inbox, not yet known to be whole.
    public var arriving = 0
    /// In the inbox, whole, waiting for a free worker.
    public var ready = 0
    /// In the inbox, left alone for a while: it ends too early, or it cannot be taken.
    public var held = 0
    /// In the spool, waiting for the next attempt.
    public var waiting = 0
    /// In the spool, waiting for one folder to be put right; the others go on.
    public var blocked = 0
    public var active = 0
    /// Since the process started.
    public var done = 0
    public var failed = 0
    public var retried = 0
    public var overflows = 0
    public var pauses = 0
    public var vanished = 0
    /// Entries of the inbox that are no pictures to take.
    public var passedOver = 0
    /// Why intake has paused by itself; nil when it has not.
    public var pauseReason: String?
    /// Why pictures are blocked; nil where none is.
    public var blockedReason: String?
    /// Whether the operator has stopped the intake.
    public var isHeld = false
    public var isPolling = false
    public var isInboxPresent = false
    /// Times since 1970, seconds.
    public var startedAt: Int = 0
    public var updatedAt: Int = 0
    public var pid: Int = 0
    /// What is at work: component to version, and `model` to its digest.
    public var versions: [String: String] = [:]

    public init() {}

    /// Pictures that wait: ready in the inbox, or in the spool for another attempt.
    public var queued: Int { ready + waiting + blocked }

    /// As JSON, with this type's property names as keys.
    var json: String {
        var object = JSONObject()
        object.set("arriving", arriving)
        object.set("ready", ready)
        object.set("held", held)
        object.set("waiting", waiting)
        object.set("blocked", blocked)
        object.set("active", active)
        object.set("done", done)
        object.set("failed", failed)
        object.set("retried", retried)
        object.set("overflows", overflows)
        object.set("pauses", pauses)
        object.set("vanished", vanished)
        object.set("passedOver", passedOver)
        object.set("pauseReason", pauseReason)
        object.set("blockedReason", blockedReason)
        object.set("isHeld", isHeld)
        object.set("isPolling", isPolling)
        object.set("isInboxPresent", isInboxPresent)
        object.set("startedAt", startedAt)
        object.set("updatedAt", updatedAt)
        object.set("pid", pid)
        object.set("versions", versions)
        return object.text + "\n"
    }
}

extension SpoolSnapshot {
    mutating func fill(from machine: SpoolMachine) {
        arriving = machine.census.settling
        ready = machine.census.ready
        held = machine.census.held
        waiting = machine.census.waiting
        active = machine.census.active
        blocked = machine.census.blocked
        done = machine.counters.done
        failed = machine.counters.failed
        retried = machine.counters.retried
        pauses = machine.counters.pauses
        vanished = machine.counters.vanished
        pauseReason = machine.pauseReason
        isHeld = machine.isHeld
    }
}
