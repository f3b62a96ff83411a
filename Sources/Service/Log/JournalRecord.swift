import Logging
import Spool

/// A log event as journald takes it: `NAME=value` assignments whose values are any bytes
/// (systemd.journal-fields(7)).
package struct JournalRecord: Sendable, Equatable {
    /// The assignments, each `NAME=value` without a terminator.
    package let assignments: [[UInt8]]

    package init(event: LogEvent, fields: LogFields, identifier: String) {
        var assignments: [[UInt8]] = []
        func add(_ name: String, _ value: String) {
            assignments.append(Array("\(name)=\(value)".utf8))
        }
        // The message is one line. The journal accepts line breaks, but `journalctl -o cat` prints them
        // unchanged, and a file's name must not look like a line of its own. The message repeats the fields
        // for people; programs read their exact values from the fields themselves.
        add("MESSAGE", LogLine(event: event, fields: fields).plainText)
        add("PRIORITY", String(event.level.syslogPriority))
        add("SYSLOG_IDENTIFIER", identifier)
        add("CODE_FILE", event.file)
        add("CODE_LINE", String(event.line))
        add("CODE_FUNC", event.function)
        for field in fields.merged(with: event) {
            if field.key == Logger.eventKey, let id = Self.messageID(ofEvent: field.value) {
                add("MESSAGE_ID", id)
            }
            let name = Self.fieldName(field.key)
            // Names are passed with their exact bytes, because the journal accepts any bytes.
            assignments.append(Array("\(name)=".utf8) + (field.rawBytes ?? Array(field.value.utf8)))
        }
        self.assignments = assignments
    }

    private static func messageID(ofEvent name: String) -> String? {
        SpoolEvent(rawValue: name)?.messageID ?? ServiceEvent(rawValue: name)?.messageID
    }

    /// Returns the journal's name for a field: `duration_usec` → `PROMPTIR_DURATION_USEC`, and `file` →
    /// `PROMPTIR_INPUT`. The journal drops fields whose names have other characters than capitals, digits and
    /// underscores, or more than 64 characters.
    package static func fieldName(_ key: String) -> String {
        // Among CODE_FILE and its like, a "file" would be taken for one of the program's source files.
        if key == "file" { return "PROMPTIR_INPUT" }
        var name = Array("PROMPTIR_".utf8)
        for byte in key.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): name.append(byte - 32)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                name.append(byte)
            default: name.append(UInt8(ascii: "_"))
            }
        }
        return String(decoding: name.prefix(64), as: UTF8.self)
    }
}
