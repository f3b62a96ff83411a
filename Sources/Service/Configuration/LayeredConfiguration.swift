/// What the command line sets, by setting. Flags win over the file.
public struct ConfigurationOverrides: Sendable, Equatable {
    package private(set) var values: [String: RawSetting] = [:]

    public init() {}

    /// Notes `--key argument`; nil leaves the setting to the file. The value is checked when layers are merged.
    public mutating func set(_ key: String, to argument: String?) {
        precondition(Setting.named(key) != nil, "no setting is called \(key)")
        if let argument { values[key] = .argument(argument) }
    }
}

/// Defaults, file and flags laid over each other, and where each value came from.
public struct LayeredConfiguration: Sendable, Equatable {
    /// The layer that a value came from.
    public enum Layer: String, Sendable {
        case standard = "default"
        case file
        case flag
    }

    public let configuration: ServiceConfiguration
    /// The layer of each setting that is not a default.
    public let layers: [String: Layer]

    /// Reads the file, if there is one, lays the flags over it and checks the whole.
    /// - Throws: `ConfigurationError`.
    public init(path: String?, overrides: ConfigurationOverrides) throws {
        try self.init(file: path.map { try ConfigurationFile(path: $0) }, overrides: overrides)
    }

    package init(file: ConfigurationFile?, overrides: ConfigurationOverrides) throws {
        var configuration = ServiceConfiguration()
        var layers: [String: Layer] = [:]
        for setting in Setting.all {
            if let file, let raw = file.values[setting.key] {
                try Self.store(raw, setting, source: .file(path: file.path), &configuration)
                layers[setting.key] = .file
            }
            if let raw = overrides.values[setting.key] {
                try Self.store(raw, setting, source: .commandLine, &configuration)
                layers[setting.key] = .flag
            }
        }
        self.configuration = configuration
        self.layers = layers
        try configuration.checkCombination(fileIsGiven: file != nil)
    }

    /// The effective configuration as TOML; each value that is not a default says where it came from.
    public var text: String {
        Setting.all.map { setting in
            let origin = layers[setting.key].map { "  # \($0.rawValue)" } ?? ""
            return "\(setting.key) = \(setting.render(configuration))\(origin)\n"
        }.joined()
    }

    private static func store(
        _ raw: RawSetting, _ setting: Setting, source: ConfigurationError.Source,
        _ configuration: inout ServiceConfiguration
    ) throws {
        guard setting.store(raw, &configuration) else {
            throw ConfigurationError(
                source: source, key: setting.key, expected: setting.expectation, found: raw.description)
        }
    }
}

extension ServiceConfiguration {
    /// Checks what no single value shows.
    /// - Parameter fileIsGiven: whether a missing folder is the file's fault (78) or the command line's (64).
    func checkCombination(fileIsGiven: Bool) throws {
        for (key, path) in [("inbox", inbox), ("outbox", outbox)] where path.isEmpty {
            throw ConfigurationError(
                source: fileIsGiven ? .combination : .commandLine, key: key, expected: "a folder",
                found: "none", advice: "give --\(key) DIR, or --config FILE with the key '\(key)'")
        }
        let folders = [
            ("inbox", inbox), ("outbox", outbox), ("spool", effectiveSpool),
        ].map { (key: $0.0, parts: Self.pathParts($0.1), path: $0.1) }
        for (index, first) in folders.enumerated() {
            for second in folders[(index + 1)...] {
                let shared = zip(first.parts, second.parts).prefix { $0 == $1 }.count
                guard shared == min(first.parts.count, second.parts.count),
                    // One relative, one absolute: their texts tell nothing.
                    first.path.hasPrefix("/") == second.path.hasPrefix("/")
                else { continue }
                throw ConfigurationError(
                    source: .combination, key: second.key,
                    expected: "a folder apart from '\(first.key)' (\(first.path))", found: second.path,
                    advice: "restored pictures would be taken for new ones: choose folders beside each other")
            }
        }
        if case .side(let side) = tile, tileOverlap * 2 > side {
            throw ConfigurationError(
                source: .combination, key: "tile-overlap",
                expected: "at most half of the tile's side, \(side / 2)",
                found: "\(tileOverlap)")
        }
    }

    /// The path's names, without `.` and doubled slashes. `..` stays: only the filesystem knows where it leads.
    private static func pathParts(_ path: String) -> [Substring] {
        path.split(separator: "/").filter { $0 != "." }
    }
}
