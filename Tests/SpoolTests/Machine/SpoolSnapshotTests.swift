import Spool
import Testing

@Suite("The status file")
struct SpoolSnapshotTests {
    /// Other programs read it: keys, their order and their form stay.
    @Test func itsTextIsStable() {
        var counts = SpoolSnapshot()
        (counts.arriving, counts.ready, counts.held, counts.waiting) = (1, 2, 3, 4)
        (counts.blocked, counts.active, counts.done, counts.failed) = (5, 6, 7, 8)
        (counts.retried, counts.overflows, counts.pauses, counts.vanished) = (9, 10, 11, 12)
        (counts.passedOver, counts.beyond) = (13, 17)
        (counts.heldReason, counts.copied, counts.unreadable) = ("c", 18, 19)
        counts.blockedReason = "a/\u{2028}\u{202E}\"b\""
        counts.isPolling = true
        (counts.startedAt, counts.updatedAt, counts.pid) = (14, 15, 16)
        counts.versions = ["promptir-restored": "1.0", "model": "sha256:0"]
        #expect(
            counts.json == #"""
                {"arriving": 1, "ready": 2, "held": 3, "heldReason": "c", "copied": 18, "unreadable": 19, \#
                "unreadableReason": null, "beyond": 17, "waiting": 4, "blocked": 5, "active": 6, "done": 7, \#
                "failed": 8, "retried": 9, "overflows": 10, "pauses": 11, "vanished": 12, "passedOver": 13, \#
                "pauseReason": null, "blockedReason": "a/\u2028\u202e\"b\"", "isHeld": false, "isPolling": true, \#
                "isInboxPresent": false, "startedAt": 14, "updatedAt": 15, "pid": 16, \#
                "versions": {"model": "sha256:0", "promptir-restored": "1.0"}}

                """#)
    }
}
