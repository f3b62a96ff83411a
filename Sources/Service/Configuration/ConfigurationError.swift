/// Why a configuration is refused: where the value stood, what was expected and found, what to do.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where a value came from.
    public enum Source: Sendable, Equatable, CustomStringConvertible {
        case file(path: String)
        case commandLine
        /// Several values together.
        case combination

        public var description: String {
            switch self {
            case .file(let path): path
            case .commandLine: "command line"
            case .combination: "configuration"
            }
        }
    }

    public var source: Source
    /// The key, if one is at fault.
    public var key: String?
    public var expected: String
    public var found: String
    public var advice: String?

    public init(source: Source, key: String? = nil, expected: String, found: String, advice: String? = nil) {
        self.source = source
        self.key = key
        self.expected = expected
        self.found = found
        self.advice = advice
    }

    public var description: String {
        let name: String
        switch (source, key) {
        case (_, nil): name = "\(source)"
        case (.commandLine, let key?): name = "--\(key)"
        case (_, let key?): name = "\(source): key '\(key)'"
        }
        return LineText.escaped("\(name): expected \(expected), found \(found)")
            + (advice.map { "; " + LineText.escaped($0) } ?? "")
    }

    /// Exit status by sysexits(3): 64 for the command line, 78 for the rest.
    public var exitCode: Int32 {
        source == .commandLine ? 64 : 78
    }
}
