import Glibc
import Logging

/// The spool's log lines: each carries its ``SpoolEvent``; names in them are escaped by their descriptions.
struct SpoolLog: Sendable {
    private let logger: Logger

    init(_ logger: Logger) {
        self.logger = logger
    }

    private func write(
        _ level: Logger.Level, _ event: SpoolEvent, _ text: StaticString, _ metadata: Logger.Metadata,
        _ file: String, _ line: UInt
    ) {
        logger.log(
            level: level, "\(text)",
            metadata: metadata.merging(["event": "\(event.rawValue)"]) { old, _ in old }, file: file,
            line: line)
    }

    func debug(
        _ event: SpoolEvent, _ text: StaticString, _ metadata: Logger.Metadata, file: String = #fileID,
        line: UInt = #line
    ) {
        write(.debug, event, text, metadata, file, line)
    }

    func info(
        _ event: SpoolEvent, _ text: StaticString, _ metadata: Logger.Metadata, file: String = #fileID,
        line: UInt = #line
    ) {
        write(.info, event, text, metadata, file, line)
    }

    func notice(
        _ event: SpoolEvent, _ text: StaticString, _ metadata: Logger.Metadata, file: String = #fileID,
        line: UInt = #line
    ) {
        write(.notice, event, text, metadata, file, line)
    }

    func warning(
        _ event: SpoolEvent, _ text: StaticString, _ metadata: Logger.Metadata, file: String = #fileID,
        line: UInt = #line
    ) {
        write(.warning, event, text, metadata, file, line)
    }

    func error(
        _ event: SpoolEvent, _ text: StaticString, _ metadata: Logger.Metadata, file: String = #fileID,
        line: UInt = #line
    ) {
        write(.error, event, text, metadata, file, line)
    }

    /// - Parameters:
    ///   - job: the picture's name and id, as for the others.
    ///   - fields: what the worker says of the result.
    func restored(
        _ job: Logger.Metadata, _ output: RelativeName, _ duration: Duration, attempt: Int,
        fields: [String: String]
    ) {
        info(
            .restored, "restored",
            job.merging(fields.mapValues { "\($0)" }) { old, _ in old }.merging([
                "output": .stringConvertible(output), "duration_usec": "\(duration.wholeMicroseconds)",
                "attempt": "\(attempt)",
            ]) { $1 })
    }

    func putBack(_ job: Logger.Metadata, isStopping: Bool) {
        if isStopping {
            info(.returned, "put back into the inbox for the next run", job)
        } else {
            info(.incomplete, "ends too early: back in the inbox until it is whole", job)
        }
    }

    func park(
        _ job: Logger.Metadata, _ duration: Logger.Metadata, from place: Place, attempts: Int
    ) {
        let metadata = job.merging(duration) { $1 }.merging(["attempt": "\(place.attempts)"]) { $1 }
        if attempts == place.attempts {
            warning(.retried, "an attempt failed; the picture waits for the next", metadata)
        } else {
            info(.returned, "returned without counting the attempt", metadata)
        }
    }
}

extension Duration {
    /// Rounded down.
    var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}

/// The system's clocks.
package let systemClock: @Sendable () -> Moment = {
    func time(_ clock: clockid_t) -> Duration {
        var value = timespec()
        clock_gettime(clock, &value)
        return .seconds(value.tv_sec) + .nanoseconds(value.tv_nsec)
    }
    return Moment(monotonic: time(CLOCK_MONOTONIC), wall: time(CLOCK_REALTIME))
}
