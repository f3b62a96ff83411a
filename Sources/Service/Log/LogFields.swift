import Files
import Logging

/// A key and its value. The value is text; a name that is not UTF-8 also has its bytes.
package struct LogField: Sendable, Equatable {
    package let key: String
    /// The exact text, or the escaped form of a name that is not UTF-8.
    package let value: String
    /// The bytes of a name that is not UTF-8; otherwise nil.
    package let rawBytes: [UInt8]?

    package init(key: String, _ value: Logger.MetadataValue) {
        self.key = key
        if case .stringConvertible(let object) = value, let name = object as? any ByteNamed {
            let text = String(validating: name.bytes, as: UTF8.self)
            self.value = text ?? name.description
            rawBytes = text == nil ? name.bytes : nil
        } else {
            self.value = value.description
            rawBytes = nil
        }
    }
}

/// The state of every handler of this project: bound metadata, and a level that can change at run time.
package struct LogFields: Sendable {
    package var bound: Logger.Metadata = [:]
    package var provider: Logger.MetadataProvider?
    /// A level set for this logger alone; nil if the shared level applies.
    package var ownLevel: Logger.Level?
    package let level: LogLevelSwitch

    package init(level: LogLevelSwitch) {
        self.level = level
    }

    package var effectiveLevel: Logger.Level {
        get { ownLevel ?? level.current }
        set { ownLevel = newValue }
    }

    /// Returns the bound, the provided and the event's own metadata; later ones take precedence. The file
    /// comes first, because people look for it, and the rest is sorted by key, so that lines are easy to
    /// compare.
    package func merged(with event: LogEvent) -> [LogField] {
        var all = bound
        if let provided = provider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error { all["error"] = .string("\(error)") }
        return all.sorted { ($0.key == "file" ? 0 : 1, $0.key) < ($1.key == "file" ? 0 : 1, $1.key) }
            .map { LogField(key: $0.key, $0.value) }
    }
}

extension Logger.Level {
    /// syslog(3)'s number for the level, used for `PRIORITY` and the `<N>` prefix.
    package var syslogPriority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
