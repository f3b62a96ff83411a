import Files
import Glibc

/// The values that the command line gives, by setting. They take precedence over the file.
package struct ConfigurationOverrides: Sendable, Equatable {
    package private(set) var values: [String: RawSetting] = [:]

    package init() {}

    /// Sets the value of `--key`; nil leaves the setting to the file. The value is checked when the layers
    /// are merged.
    package mutating func set(_ key: String, to argument: String?) {
        precondition(Setting.named(key) != nil, "no setting is called \(key)")
        if let argument { values[key] = .argument(argument) }
    }
}

/// The merged defaults, file and flags, with the origin of each value.
package struct LayeredConfiguration: Sendable, Equatable {
    /// The layer that a value comes from.
    package enum Layer: String, Sendable {
        case standard = "default"
        case file
        case flag
    }

    package let configuration: ServiceConfiguration
    /// The layer of each setting that is not a default.
    package let layers: [String: Layer]

    /// Reads the file if there is one, applies the flags, and checks the result.
    /// - Throws: `ConfigurationError`.
    package init(path: Path?, overrides: ConfigurationOverrides) throws {
        try self.init(file: path.map { try ConfigurationFile(path: $0) }, overrides: overrides)
    }

    /// - Parameter environment: looks up an environment variable, which a scheduler may have set.
    package init(
        file: ConfigurationFile?, overrides: ConfigurationOverrides,
        environment: (String) -> String? = { getenv($0).map { String(cString: $0) } }
    ) throws {
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
        configuration.shard = try configuration.shard.resolved(environment)
        self.configuration = configuration
        self.layers = layers
        try configuration.checkCombination(fileIsGiven: file != nil)
    }

    /// The settings in effect as TOML. Each value that is not a default has a comment with its origin.
    package var text: String {
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
    /// - Parameter fileIsGiven: whether the file (exit status 78) or the command line (64) should have set a
    ///   missing folder.
    func checkCombination(fileIsGiven: Bool) throws {
        for (key, path) in [("inbox", inbox), ("outbox", outbox)] where path.isEmpty {
            throw ConfigurationError(
                source: fileIsGiven ? .combination : .commandLine, key: key, expected: "a folder",
                found: "none", advice: "give --\(key) DIR, or --config FILE with the key '\(key)'")
        }
        let folders = [("inbox", inbox), ("outbox", outbox), ("spool", spoolLayout.spool)]
        for (index, first) in folders.enumerated() {
            for second in folders[(index + 1)...] where Self.overlap(first.1, second.1) {
                // The scan does not enter hidden folders of the inbox.
                if first.0 == "inbox", Self.isHidden(second.1, below: first.1) { continue }
                throw ConfigurationError(
                    source: .combination, key: second.0,
                    expected: "a folder apart from '\(first.0)' (\(first.1))", found: "\(second.1)",
                    advice: "restored pictures would be restored again: choose folders beside each other")
            }
        }
        if case .size(let side) = tile, tileOverlap * 2 > side {
            throw ConfigurationError(
                source: .combination, key: "tile-overlap",
                expected: "at most half of the tile's side, \(side / 2)",
                found: "\(tileOverlap)")
        }
    }

    /// Whether one path contains the other, judged by their text. Pairs of a relative and an absolute path
    /// and paths with `..` are not compared, because only the filesystem can resolve them. The spool checks
    /// the folders again.
    private static func overlap(_ first: Path, _ second: Path) -> Bool {
        let (left, right) = (first.names, second.names)
        return first.isAbsolute == second.isAbsolute && !(left + right).contains("..")
            && zip(left, right).allSatisfy { $0 == $1 }
    }

    private static func isHidden(_ inner: Path, below outer: Path) -> Bool {
        inner.names.dropFirst(outer.names.count).contains { $0.isHidden }
    }
}
