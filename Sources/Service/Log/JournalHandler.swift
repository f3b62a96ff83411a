import CSystemd
import Glibc
import Logging
import Terminals

/// Writes to journald with structured fields, through sd_journal_sendv(3).
package struct JournalHandler: FieldsLogHandler {
    package var fields: LogFields
    private let identifier: String

    package init(identifier: String, level: LogLevelSwitch) {
        self.identifier = identifier
        fields = LogFields(level: level)
    }

    package func log(event: LogEvent) {
        let record = JournalRecord(event: event, fields: fields, identifier: identifier)
        if Self.send(record.assignments) < 0 {
            // The journal's socket is missing or full; standard error may still reach the journal.
            let line = LogLine(event: event, fields: fields)
            StandardError.write(line.text(timestamp: nil, priorityPrefix: true))
        }
    }

    /// Calls the journal's C interface; no other method passes pointers to it. All bytes are copied once, and
    /// no format strings are used.
    private static func send(_ assignments: [[UInt8]]) -> Int32 {
        var bytes = assignments.flatMap { $0 }
        return bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            var offset = 0
            var vectors: [iovec] = []
            for assignment in assignments {
                vectors.append(iovec(iov_base: base + offset, iov_len: assignment.count))
                offset += assignment.count
            }
            return sd_journal_sendv(vectors, Int32(vectors.count))
        }
    }
}
