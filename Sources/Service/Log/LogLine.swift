import Files
import Logging
import Spool

/// A log event as one line of text or JSON.
package struct LogLine: Sendable {
    private let level: Logger.Level
    private let message: String
    private let pairs: [LogField]

    package init(event: LogEvent, fields: LogFields) {
        level = event.level
        message = event.message.description
        pairs = fields.merged(with: event)
    }

    /// Returns `TIME level message key=value …` with a line break. `priorityPrefix` adds sd-daemon(3)'s
    /// `<N>`, which gives the journal the level of lines on standard error.
    package func text(timestamp: String?, priorityPrefix: Bool) -> String {
        var line = priorityPrefix ? "<\(level.syslogPriority)>" : ""
        if let timestamp { line += timestamp + " " }
        if !priorityPrefix { line += level.rawValue + " " }
        return line + plainText + "\n"
    }

    /// `message key=value …`, safe on one line. The event's name is omitted, because it is meant for
    /// programs.
    package var plainText: String {
        var text = LineText.escaped(message)
        for field in pairs where field.key != Logger.eventKey {
            let isEscaped = field.rawBytes != nil
            text += " \(LineText.word(field.key))=\(LineText.word(field.value, isEscaped: isEscaped))"
        }
        return text
    }

    /// Returns one JSON object with `time`, `level`, `message`, and the metadata in `fields`. JSON cannot
    /// hold a name that is not UTF-8, so such a field is followed by `KEY_hex` with its bytes.
    package func json(timestamp: String) -> String {
        let inner = pairs.map(Self.member).joined(separator: ",")
        let head =
            "{\"time\":\(JSONText.quoted(timestamp)),\"level\":\"\(level.rawValue)\","
            + "\"message\":\(JSONText.quoted(message))"
        return inner.isEmpty ? head + "}\n" : head + ",\"fields\":{\(inner)}}\n"
    }

    private static func member(_ field: LogField) -> String {
        let member = "\(JSONText.quoted(field.key)):\(JSONText.quoted(field.value))"
        guard let bytes = field.rawBytes else { return member }
        return member + ",\(JSONText.quoted(field.key + "_hex")):\"\(ByteText.hexadecimal(bytes))\""
    }
}
