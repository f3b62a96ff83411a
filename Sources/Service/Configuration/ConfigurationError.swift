import Files

/// Why a configuration is refused: where the value was set, what was expected and found, and what to do.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where a value was set.
    package enum Source: Sendable, Equatable, CustomStringConvertible {
        case file(path: Path)
        case commandLine
        /// The values are wrong only together.
        case combination

        package var description: String {
            switch self {
            case .file(let path): path.description
            case .commandLine: "command line"
            case .combination: "configuration"
            }
        }
    }

    package var source: Source
    /// The key, if a single one is at fault.
    package var key: String?
    package var expected: String
    package var found: String
    package var advice: String?

    package init(source: Source, key: String? = nil, expected: String, found: String, advice: String? = nil) {
        self.source = source
        self.key = key
        self.expected = expected
        self.found = found
        self.advice = advice
    }

    package var description: String {
        let name: String
        switch (source, key) {
        case (_, nil): name = "\(source)"
        case (.commandLine, let key?): name = "--\(key)"
        case (_, let key?): name = "\(source): key '\(LineText.escaped(key))'"
        }
        return name + LineText.escaped(": expected \(expected), found \(found)")
            + (advice.map { "; " + LineText.escaped($0) } ?? "")
    }

    /// The exit status according to sysexits(3): 64 for the command line, otherwise 78.
    package var exitCode: Int32 {
        source == .commandLine ? 64 : 78
    }
}
