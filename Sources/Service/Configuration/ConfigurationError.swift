import Files

/// Why a configuration is refused: where the value stood, what was expected and found, what to do.
package struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where a value came from.
    package enum Source: Sendable, Equatable, CustomStringConvertible {
        case file(path: Path)
        case commandLine
        /// Several values together.
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
    /// The key, if one is at fault.
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

    /// Exit status by sysexits(3): 64 for the command line, 78 for the rest.
    package var exitCode: Int32 {
        source == .commandLine ? 64 : 78
    }
}
