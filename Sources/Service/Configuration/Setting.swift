import Logging

/// One key of the file, and flag of the command line, tied to a property of the configuration.
public struct Setting: Sendable {
    /// The key in the file; `--key` on the command line.
    public let key: String
    /// Whether a reload leaves the value as it is until the next start.
    public private(set) var needsRestart = false
    /// What values it takes, as an error says it.
    package let expectation: String
    /// Stores a value; false if it does not fit the expectation.
    package let store: @Sendable (RawSetting, inout ServiceConfiguration) -> Bool
    /// The value in TOML.
    package let render: @Sendable (ServiceConfiguration) -> String

    private init(
        key: String, expectation: String,
        store: @escaping @Sendable (RawSetting, inout ServiceConfiguration) -> Bool,
        render: @escaping @Sendable (ServiceConfiguration) -> String
    ) {
        self.key = key
        self.expectation = expectation
        self.store = store
        self.render = render
    }

    /// The same setting, taken over at a start only.
    func atStart() -> Setting {
        var setting = self
        setting.needsRestart = true
        return setting
    }

    /// A writable property of the configuration, usable from any thread.
    typealias Property<Value> = WritableKeyPath<ServiceConfiguration, Value> & Sendable

    /// A path or another free text. Empty where the property's doc gives that a meaning.
    static func path(_ key: String, _ property: Property<String>) -> Setting {
        Setting(key: key, expectation: "a path in quotes") { raw, configuration in
            guard let text = raw.string, !text.utf8.contains(0) else { return false }
            configuration[keyPath: property] = text
            return true
        } render: {
            tomlText($0[keyPath: property])
        }
    }

    static func integer(_ key: String, _ property: Property<Int>, in range: ClosedRange<Int>) -> Setting {
        let expectation = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return Setting(key: key, expectation: expectation) { raw, configuration in
            guard let value = raw.integer, range.contains(value) else { return false }
            configuration[keyPath: property] = value
            return true
        } render: {
            String($0[keyPath: property])
        }
    }

    static func seconds(_ key: String, _ property: Property<Duration>, in range: ClosedRange<Double>)
        -> Setting
    {
        let expectation = "seconds from \(shortest(range.lowerBound)) to \(shortest(range.upperBound))"
        return Setting(key: key, expectation: expectation) { raw, configuration in
            guard let value = raw.number, range.contains(value) else { return false }
            configuration[keyPath: property] = .milliseconds(Int64((value * 1000).rounded()))
            return true
        } render: {
            shortest($0[keyPath: property].inSeconds)
        }
    }

    static func truth(_ key: String, _ property: Property<Bool>) -> Setting {
        Setting(key: key, expectation: "true or false") { raw, configuration in
            guard let value = raw.truth else { return false }
            configuration[keyPath: property] = value
            return true
        } render: {
            String($0[keyPath: property])
        }
    }

    static func choice<Value>(_ key: String, _ property: Property<Value>) -> Setting
    where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
        let names = Value.allCases.map { "\"\($0.rawValue)\"" }
        return Setting(key: key, expectation: "one of " + names.joined(separator: ", ")) {
            raw, configuration in
            guard let value = raw.string.flatMap(Value.init(rawValue:)) else { return false }
            configuration[keyPath: property] = value
            return true
        } render: {
            tomlText($0[keyPath: property].rawValue)
        }
    }

    static func count(_ key: String, _ property: Property<CountChoice>, in range: ClosedRange<Int>) -> Setting
    {
        let expectation = "\"auto\" or a whole number from \(range.lowerBound) to \(range.upperBound)"
        return Setting(key: key, expectation: expectation) { raw, configuration in
            if raw.string == "auto" {
                configuration[keyPath: property] = .automatic
            } else if let value = raw.integer, range.contains(value) {
                configuration[keyPath: property] = .exactly(value)
            } else {
                return false
            }
            return true
        } render: {
            switch $0[keyPath: property] {
            case .automatic: tomlText("auto")
            case .exactly(let value): String(value)
            }
        }
    }

    static func tile(_ key: String, _ property: Property<TileChoice>, in range: ClosedRange<Int>) -> Setting {
        let expectation =
            "\"auto\", \"off\" or a tile's side in pixels from \(range.lowerBound) to \(range.upperBound)"
        return Setting(key: key, expectation: expectation) { raw, configuration in
            switch (raw.string, raw.integer) {
            case ("auto", _): configuration[keyPath: property] = .automatic
            case ("off", _): configuration[keyPath: property] = .off
            case (_, let side?) where range.contains(side): configuration[keyPath: property] = .side(side)
            default: return false
            }
            return true
        } render: {
            switch $0[keyPath: property] {
            case .automatic: tomlText("auto")
            case .off: tomlText("off")
            case .side(let side): String(side)
            }
        }
    }

    /// A text as a TOML basic string.
    static func tomlText(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// "2" rather than "2.0".
    static func shortest(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}
