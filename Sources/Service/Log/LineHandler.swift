import Files
import Logging

/// Writes one line per event to standard error (or to a sink of a test's).
package struct LineHandler: FieldsLogHandler {
    /// The shape of a line.
    package enum Shape: Sendable, Equatable {
        /// For people; with the time.
        case text
        /// For a journal that reads standard error: no time, as it adds its own, and the level as `<N>`.
        case prefixedText
        /// For programs.
        case json
    }

    package var fields: LogFields
    private let shape: Shape
    private let sink: @Sendable (String) -> Void

    /// - Parameter sink: takes whole lines.
    package init(shape: Shape, level: LogLevelSwitch, sink: @escaping @Sendable (String) -> Void) {
        self.shape = shape
        self.sink = sink
        fields = LogFields(level: level)
    }

    package func log(event: LogEvent) {
        let line = LogLine(event: event, fields: fields)
        switch shape {
        case .text: sink(line.text(timestamp: Timestamp.now(), priorityPrefix: false))
        case .prefixedText: sink(line.text(timestamp: nil, priorityPrefix: true))
        case .json: sink(line.json(timestamp: Timestamp.now()))
        }
    }
}
