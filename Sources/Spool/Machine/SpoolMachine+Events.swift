import Files

/// The time of an event: `monotonic` for waiting, and `wall` (since 1970) for comparison with files' times.
package struct Moment: Sendable, Equatable {
    package var monotonic: Duration
    package var wall: Duration

    package init(monotonic: Duration, wall: Duration) {
        self.monotonic = monotonic
        self.wall = wall
    }
}

/// The identifier of one claim. It is never reused within a process.
package struct ClaimID: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64
    package var description: String { String(rawValue) }
}

/// How a picture in the inbox was noticed.
package enum Sign: Sendable {
    /// The file was renamed into the inbox. It is complete, unless whoever moved it still writes to it.
    case renamed
    /// A writer closed the file. Scanners close a file and open it again.
    case closed
    /// The file was created (by link(2), or by a writer that has only begun) or found by a scan.
    case found
}

/// The place of a claimed picture in the spool. The number is the number of attempts begun.
package enum Place: Hashable, Sendable {
    case claimed(Int)
    case waiting(Int)

    package var attempts: Int {
        switch self {
        case .claimed(let attempts), .waiting(let attempts): attempts
        }
    }
}

/// Why a picture is quarantined, as written to the JSON file beside it.
package struct FailureReason: Hashable, Sendable {
    /// A code for programs: `truncated`, `crashed`, `output-conflict`, or a code from the worker.
    package var code: String
    /// A message for people.
    package var message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// Why a claim was refused.
package enum Refusal: Equatable, Sendable {
    case vanished
    case changed(Fingerprint)
    /// A process has the file open for writing.
    case writing
    /// Originals are kept, and this one has its output already.
    case alreadyDone
    /// This file cannot be claimed (permissions, another filesystem); others may be.
    case unusable(String)
    case environment(String)
    /// Only the output's folder is at fault. The claim must not be tried again before `until`.
    case blocked(until: Duration)
}

/// Why an action failed on the disk.
package struct Fault: Equatable, Sendable {
    package enum Scope: Sendable {
        /// The disk is at fault, not the picture: pause and try again.
        case environment
        /// Only this picture is affected, and only an operator can correct it.
        case item
        /// Only this picture's folder is affected (permissions, a mount): try again later and continue with
        /// the others.
        case blocked
        /// The picture is no longer in the spool.
        case vanished
    }

    package var scope: Scope
    package var message: String

    package init(_ scope: Scope, _ message: String) {
        self.scope = scope
        self.message = message
    }
}

extension SpoolMachine {
    package enum Event: Equatable, Sendable {
        case seen(RelativeName, Fingerprint, Sign, owner: UInt32 = 0)
        /// The picture is no longer in the inbox.
        case vanished(RelativeName)
        case scanBegan
        /// A scan ended. Only a complete scan shows which pictures are gone.
        case scanEnded(complete: Bool)
        /// A picture was found in `waiting/` when the process started or after a fault.
        case recovered(RelativeName, attempts: Int, Fingerprint)
        case claimed(RelativeName, Fingerprint)
        case refused(RelativeName, Refusal)
        /// A worker finished; the fingerprint is that of the picture's file now.
        case finished(ClaimID, Outcome, Fingerprint)
        /// The last action requested for this picture was performed.
        case completed(RelativeName)
        /// The picture is in the inbox again (true), or stays because a newer one has its name (false).
        case putBack(RelativeName, Bool)
        case faulted(RelativeName, Fault)
        /// The disk was probed during a pause; nil means that it works again.
        case probed(String?)
        case tick
        /// The operator stops the intake (true) or resumes it (false).
        case hold(Bool)
        case stop
        /// The grace period for finishing is over.
        case stopNow
    }

    package enum Action: Equatable, Sendable {
        /// Rename from the inbox to `claimed/1`, if the file is unchanged.
        case claim(ClaimID, RelativeName, Fingerprint)
        /// Rename from `waiting/n` to `claimed/n+1`.
        case retake(ClaimID, RelativeName, attempts: Int)
        case work(ClaimID, RelativeName, attempt: Int)
        /// Rename the staged output to its final name.
        case publish(ClaimID, RelativeName)
        /// Archive, delete or put back the original, as the options say.
        case settleOriginal(RelativeName, from: Place)
        /// Rename within the spool to the folder for the number of counted attempts.
        case park(RelativeName, from: Place, attempts: Int)
        /// Rename back into the inbox.
        case putBack(RelativeName, from: Place)
        case quarantine(RelativeName, from: Place, FailureReason)
        /// End the claim: close its file and discard what it staged.
        case discard(ClaimID)
        case pause(String)
        case resume
        /// Test whether the disk works.
        case probe
        /// Look for pictures in the spool that a fault left unknown to the machine.
        case reconcile
        /// Report that the queue has drained: nothing waits or is being processed, but something was.
        case idle
        case stopped
    }
}
