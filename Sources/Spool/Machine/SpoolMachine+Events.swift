import Files

/// The time of an event: `monotonic` for waiting, `wall` (since 1970) for comparing with files' times.
package struct Moment: Sendable, Equatable {
    package var monotonic: Duration
    package var wall: Duration

    package init(monotonic: Duration, wall: Duration) {
        self.monotonic = monotonic
        self.wall = wall
    }
}

/// Names one claim; never used twice in a process.
package struct ClaimID: Hashable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64
    package var description: String { String(rawValue) }
}

/// How a picture in the inbox came to notice.
package enum Sign: Sendable {
    /// Renamed into the inbox: whole already, unless the mover goes on.
    case renamed
    /// A writer closed it; scanners open it again.
    case closed
    /// Created (perhaps by link(2), perhaps by a writer who has only begun) or found by a scan.
    case found
}

/// Where in the spool a claimed picture lies. The number is the number of attempts begun.
package enum Place: Hashable, Sendable {
    case claimed(Int)
    case waiting(Int)

    package var attempts: Int {
        switch self {
        case .claimed(let attempts), .waiting(let attempts): attempts
        }
    }
}

/// Why a picture is given up, in the form that goes into the file beside it.
package struct FailureReason: Hashable, Sendable {
    /// For programs: `truncated`, `crashed`, `output-conflict`, or what the worker said.
    package var code: String
    /// For people.
    package var message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// Why a claim could not be made.
package enum Refusal: Equatable, Sendable {
    case vanished
    case changed(Fingerprint)
    /// Somebody has it open for writing.
    case writing
    /// Originals are kept, and this one has its output already.
    case alreadyDone
    /// This one file cannot be taken (permissions, another filesystem); others may.
    case unusable(String)
    case environment(String)
    /// Only the folder of its output is at fault; not to be tried before then.
    case blocked(until: Duration)
}

/// Why an effect could not be had.
package struct Fault: Equatable, Sendable {
    package enum Scope: Sendable {
        /// The disk, not the picture: pause and try again.
        case environment
        /// This picture only: nothing but somebody's hand makes it better.
        case item
        /// This picture's folder only (permissions, a mount): try again later, let the others go on.
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
        case seen(RelativeName, Fingerprint, Sign)
        /// No longer in the inbox.
        case vanished(RelativeName)
        case scanBegan
        /// Only a complete scan tells what is no longer there.
        case scanEnded(complete: Bool)
        /// Found in `waiting/` when the process started, or after a fault.
        case recovered(RelativeName, attempts: Int, Fingerprint)
        case claimed(RelativeName, Fingerprint)
        case refused(RelativeName, Refusal)
        /// A worker is done; with the fingerprint that its file has now.
        case finished(ClaimID, Outcome, Fingerprint)
        /// The effect asked for last for this picture has been had.
        case completed(RelativeName)
        /// The picture is in the inbox again, or could not be put there because a newer one has its name.
        case putBack(RelativeName, Bool)
        case faulted(RelativeName, Fault)
        /// The disk was tried during a pause: nil says it works again.
        case probed(String?)
        /// Time has passed.
        case tick
        /// The operator wants no new work, or wants it again.
        case hold(Bool)
        case stop
        /// The time to finish is over.
        case stopNow
    }

    package enum Action: Equatable, Sendable {
        /// Rename from the inbox to `claimed/1`, if it is still as seen.
        case claim(ClaimID, RelativeName, Fingerprint)
        /// Rename from `waiting/n` to `claimed/n+1`.
        case retake(ClaimID, RelativeName, attempts: Int)
        case work(ClaimID, RelativeName, attempt: Int)
        /// Rename the staged output to its name.
        case publish(ClaimID, RelativeName)
        /// Archive, delete or put back the original, as the options say.
        case settleOriginal(RelativeName, from: Place)
        /// Rename within the spool to where the number of counted attempts says.
        case park(RelativeName, from: Place, attempts: Int)
        /// Rename back into the inbox.
        case putBack(RelativeName, from: Place)
        case quarantine(RelativeName, from: Place, FailureReason)
        /// The claim is over: close its file, throw away what it staged.
        case discard(ClaimID)
        case pause(String)
        case resume
        /// Try whether the disk works.
        case probe
        /// Look for pictures in the spool that a fault left where the machine does not know of them.
        case reconcile
        /// Nothing waits and nothing is at work, after something was.
        case idle
        case stopped
    }
}
