import Glibc
import Logging

/// A log event as one line of text or JSON.
package struct LogLine: Sendable {
    private let level: Logger.Level
    private let message: String
    private let pairs: [(key: String, value: String)]

    package init(event: LogEvent, fields: LogFields) {
        level = event.level
        message = event.message.description
        pairs = fields.merged(with: event)
    }

    /// `TIME level message key=value …`, with its line break. `priorityPrefix` adds sd-daemon(3)'s `<N>`, by which
    /// the journal knows the level of what arrives over standard error.
    package func text(timestamp: String?, priorityPrefix: Bool) -> String {
        var line = priorityPrefix ? "<\(level.syslogPriority)>" : ""
        if let timestamp { line += timestamp + " " }
        if !priorityPrefix { line += level.rawValue + " " }
        return line + plainText + "\n"
    }

    /// `message key=value …`, harmless on one line. The event's name is left out: it is for programs.
    package var plainText: String {
        var text = LineText.escaped(message)
        for (key, value) in pairs where key != ServiceEvent.metadataKey {
            text += " \(LineText.word(key))=\(LineText.word(value))"
        }
        return text
    }

    /// One object per line: `time`, `level`, `message`, then the metadata below `fields`.
    package func json(timestamp: String) -> String {
        let inner = pairs.map { "\(LineText.json($0.key)):\(LineText.json($0.value))" }.joined(separator: ",")
        let head =
            "{\"time\":\(LineText.json(timestamp)),\"level\":\"\(level.rawValue)\","
            + "\"message\":\(LineText.json(message))"
        return inner.isEmpty ? head + "}\n" : head + ",\"fields\":{\(inner)}}\n"
    }
}

/// Times for people and programs.
package enum Timestamp {
    /// The present time in UTC to the millisecond, RFC 3339.
    package static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return text(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
    }

    package static func text(seconds: Int, nanoseconds: Int) -> String {
        var seconds = seconds
        var fields = tm()
        gmtime_r(&seconds, &fields)
        func padded(_ value: some BinaryInteger, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date =
            "\(padded(fields.tm_year + 1900, 4))-\(padded(fields.tm_mon + 1, 2))-\(padded(fields.tm_mday, 2))"
        let time = "\(padded(fields.tm_hour, 2)):\(padded(fields.tm_min, 2)):\(padded(fields.tm_sec, 2))"
        return "\(date)T\(time).\(padded(nanoseconds / 1_000_000, 3))Z"
    }
}
