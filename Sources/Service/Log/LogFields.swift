import Files
import Logging

/// A key and its value, as text and, for names, as the bytes that the text may not lead back to.
package struct LogField: Sendable, Equatable {
    package let key: String
    /// The exact text; of a name that is not UTF-8, its escaped form.
    package let value: String
    /// Of a name that is not UTF-8, its bytes.
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

/// What every handler of this project keeps: bound metadata and a level that can be turned while running.
package struct LogFields: Sendable {
    package var bound: Logger.Metadata = [:]
    package var provider: Logger.MetadataProvider?
    /// Set when one logger's level was changed by hand; otherwise the common switch rules.
    package var ownLevel: Logger.Level?
    package let level: LogLevelSwitch

    package init(level: LogLevelSwitch) {
        self.level = level
    }

    package var effectiveLevel: Logger.Level {
        get { ownLevel ?? level.current }
        set { ownLevel = newValue }
    }

    /// Bound, provided and the event's own metadata, the later winning; sorted so that lines compare: the file
    /// first, as it is what people look for, then by key.
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
    /// syslog(3)'s number for the level, as `PRIORITY` and the `<N>` prefix carry it.
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
