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
        for field in pairs where field.key != Logger.eventKey {
            let isEscaped = field.rawBytes != nil
            text += " \(LineText.word(field.key))=\(LineText.word(field.value, isEscaped: isEscaped))"
        }
        return text
    }

    /// One object per line: `time`, `level`, `message`, then the metadata below `fields`. Beside a name that is not
    /// UTF-8, which JSON cannot hold, stands `KEY_hex` with its bytes.
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
