import Files
import Logging

/// Writes one line per event to standard error, or to a test's sink.
package struct LineHandler: FieldsLogHandler {
    /// The format of a line.
    package enum Shape: Sendable, Equatable {
        /// Text with the time, for people.
        case text
        /// Text for a journal that reads standard error: the level as `<N>` and no time, which the journal
        /// adds.
        case prefixedText
        /// JSON, for programs.
        case json
    }

    package var fields: LogFields
    private let shape: Shape
    private let sink: @Sendable (String) -> Void

    /// - Parameter sink: called with whole lines.
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
