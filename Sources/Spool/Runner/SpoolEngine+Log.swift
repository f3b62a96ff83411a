import Files
import Logging

/// The log fields of a picture.
extension SpoolEngine {
    /// The fields that every message about a picture has.
    func job(_ name: RelativeName) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["file": .stringConvertible(name)]
        if let fingerprint = machine.fingerprint(of: name) { metadata["job"] = "\(jobID(name, fingerprint))" }
        return metadata
    }

    /// The time since the claim; empty for a picture that this process has not claimed.
    func duration(_ name: RelativeName) -> Logger.Metadata {
        begun[name].map { ["duration_usec": "\((clock().monotonic - $0).wholeMicroseconds)"] } ?? [:]
    }

    func logRestored(_ output: PublishedOutput, after duration: Duration, attempt: Int) {
        let result: Logger.Metadata = [
            "output": .stringConvertible(output.output), "duration_usec": "\(duration.wholeMicroseconds)",
            "attempt": "\(attempt)",
        ]
        logger.event(
            .restored, "restored",
            job(output.source).merging(output.logFields.mapValues { "\($0)" }) { old, _ in old }
                .merging(result) { $1 })
    }

    func logRefused(_ name: RelativeName, _ reason: String) {
        let message: Logger.Message
        switch refusals.report(name, at: clock().monotonic) {
        case .none: return
        case .first: message = "a picture cannot be claimed and stays in the inbox"
        case .last:
            message =
                "a picture cannot be claimed and stays in the inbox; others in its folder are not listed"
        }
        logger.event(
            .refused, level: .warning, message, ["file": .stringConvertible(name), "reason": "\(reason)"])
    }

    /// Counts a picture that was copied, and says once a day for each folder that its originals stay.
    func noteCopied(_ name: RelativeName) {
        copiedCount += 1
        guard isNews("copied from \(name.place.map { "\($0)" } ?? ".")") else { return }
        logger.event(
            .copied, level: .notice,
            "this folder is not writable for the service: its pictures are copied, and the originals stay",
            ["file": .stringConvertible(name)])
    }

    func logPutBack(_ name: RelativeName) {
        if machine.isStopping {
            logger.event(.returned, "put back into the inbox for the next run", job(name))
        } else if badPictureLines.admits(at: clock().monotonic) {
            logger.event(.incomplete, "ends too early: back in the inbox until it is whole", job(name))
        }
    }

    /// Says how many lines about bad pictures were left out in the last minute.
    func logLinesLeftOut() {
        guard let count = badPictureLines.summary(at: clock().monotonic) else { return }
        logger.event(
            .linesLeftOut, level: .warning,
            "many pictures are incomplete or failed; only some are listed, but failed/ has all reasons",
            ["count": "\(count)"])
    }

    func logParked(_ name: RelativeName, from place: Place, attempts: Int) {
        let metadata = job(name).merging(duration(name)) { $1 }.merging(["attempt": "\(place.attempts)"]) {
            $1
        }
        if attempts == place.attempts {
            logger.event(
                .retried, level: .warning, "an attempt failed; another follows", metadata)
        } else {
            logger.event(.returned, "returned without counting the attempt", metadata)
        }
    }
}
