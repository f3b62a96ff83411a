import Files

/// The spool's counts at one moment.
package struct SpoolSnapshot: Equatable, Sendable, Decodable {
    /// Pictures in the inbox that are not yet known to be complete.
    package var arriving = 0
    /// Complete pictures in the inbox that wait for a free worker.
    package var ready = 0
    /// Pictures in the inbox that are left alone for a while, because they are incomplete or cannot be
    /// claimed.
    package var held = 0
    /// Why one of them cannot be claimed; nil if all that are held are merely incomplete.
    package var heldReason: String?
    /// Pictures that were copied since the process started, because their folders are not writable: their originals
    /// stay in the inbox.
    package var copied = 0
    /// Folders of the inbox that cannot be read, and entries that cannot be looked at.
    package var unreadable = 0
    /// One of them, and why; nil if there is none.
    package var unreadableReason: String?
    /// In the inbox, found by the last scan, and left there until there is room for them in the index.
    package var beyond = 0
    /// Pictures in the spool that wait for the next attempt.
    package var waiting = 0
    /// Pictures in the spool that wait until one folder is repaired; others continue.
    package var blocked = 0
    package var active = 0
    /// Pictures restored since the process started.
    package var done = 0
    package var failed = 0
    package var retried = 0
    package var overflows = 0
    package var pauses = 0
    package var vanished = 0
    /// Entries of the inbox that are not pictures to restore.
    package var passedOver = 0
    /// Why intake has paused by itself; nil if it has not.
    package var pauseReason: String?
    /// Why pictures are blocked; nil if none is.
    package var blockedReason: String?
    /// Whether the operator has stopped the intake.
    package var isHeld = false
    package var isPolling = false
    package var isInboxPresent = false
    /// When the process started, in seconds since 1970.
    package var startedAt: Int = 0
    package var updatedAt: Int = 0
    package var pid: Int = 0
    /// The versions in use: component to version, and `model` to its digest.
    package var versions: [String: String] = [:]

    package init() {}

    /// The number of pictures that wait: ready in the inbox, or in the spool for another attempt.
    package var queued: Int { ready + waiting + blocked }

    /// The snapshot as JSON, with this type's property names as keys.
    package var json: String {
        var object = JSONObject()
        object.set("arriving", arriving)
        object.set("ready", ready)
        object.set("held", held)
        object.set("heldReason", heldReason)
        object.set("copied", copied)
        object.set("unreadable", unreadable)
        object.set("unreadableReason", unreadableReason)
        object.set("beyond", beyond)
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
