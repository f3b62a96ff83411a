import Files

/// Whether pictures can be claimed: that renames them from the inbox into the spool, within one mount.
package struct ClaimCheck: Sendable {
    package var inbox: Path
    package var spool: Path
    package var isSameMount: Bool

    package init(inbox: Path, spool: Path, isSameMount: Bool) {
        self.inbox = inbox
        self.spool = spool
        self.isSameMount = isSameMount
    }

    package var finding: Finding {
        isSameMount
            ? .ok("claiming", "inbox and spool are on one mount")
            : .failed(
                "claiming",
                "inbox and spool are on different mounts, and no rename goes from one to the other",
                advice:
                    "set spool to a folder on the inbox's mount, such as \(inbox.appending(".spool")); with ReadWritePaths= in the unit, name one folder that holds both"
            )
    }
}
