import Files
import Logging
import PromptIR

/// One key of the file, and flag of the command line, tied to a property of the configuration.
package struct Setting: Sendable {
    /// The key in the file; `--key` on the command line.
    package let key: String
    /// Whether a reload leaves the value as it is until the next start.
    package private(set) var needsRestart = false
    /// What values it takes, as an error says it.
    package let expectation: String
    /// Stores a value; false if it does not fit the expectation.
    package let store: @Sendable (RawSetting, inout ServiceConfiguration) -> Bool
    /// The value in TOML.
    package let render: @Sendable (ServiceConfiguration) -> String
    /// Takes the value over from another configuration.
    package let copy: @Sendable (_ source: ServiceConfiguration, inout ServiceConfiguration) -> Void

    /// A writable property of the configuration, usable from any thread.
    typealias Property<Value> = WritableKeyPath<ServiceConfiguration, Value> & Sendable

    /// - Parameters:
    ///   - read: nil where the value does not fit the expectation.
    ///   - render: the value in TOML.
    init<Value>(
        _ key: String, _ property: Property<Value>, _ expectation: String,
        read: @escaping @Sendable (RawSetting) -> Value?, render: @escaping @Sendable (Value) -> String
    ) {
        self.key = key
        self.expectation = expectation
        store = { raw, configuration in
            guard let value = read(raw) else { return false }
            configuration[keyPath: property] = value
            return true
        }
        self.render = { render($0[keyPath: property]) }
        copy = { $1[keyPath: property] = $0[keyPath: property] }
    }

    /// The same setting, taken over at a start only.
    func atStart() -> Setting {
        var setting = self
        setting.needsRestart = true
        return setting
    }

    /// A path. Empty where the property's doc gives that a meaning.
    static func path(_ key: String, _ property: Property<Path>) -> Setting {
        Setting(key, property, "a path in quotes") { raw in
            raw.path.flatMap { $0.bytes.contains(0) ? nil : $0 }
        } render: {
            tomlText($0.displayText)
        }
    }

    static func integer(_ key: String, _ property: Property<Int>, in range: ClosedRange<Int>) -> Setting {
        Setting(key, property, "a whole number from \(range.lowerBound) to \(range.upperBound)") { raw in
            raw.integer.flatMap { range.contains($0) ? $0 : nil }
        } render: {
            String($0)
        }
    }

    static func seconds(_ key: String, _ property: Property<Duration>, in range: ClosedRange<Double>)
        -> Setting
    {
        let expectation = "seconds from \(shortest(range.lowerBound)) to \(shortest(range.upperBound))"
        return Setting(key, property, expectation) { raw in
            raw.number.flatMap { range.contains($0) ? .milliseconds(Int64(($0 * 1000).rounded())) : nil }
        } render: {
            shortest($0.inSeconds)
        }
    }

    static func truth(_ key: String, _ property: Property<Bool>) -> Setting {
        Setting(key, property, "true or false", read: \.truth) { String($0) }
    }

    static func choice<Value>(_ key: String, _ property: Property<Value>) -> Setting
    where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
        let names = Value.allCases.map { "\"\($0.rawValue)\"" }
        return Setting(key, property, "one of " + names.joined(separator: ", ")) { raw in
            raw.string.flatMap(Value.init(rawValue:))
        } render: {
            tomlText($0.rawValue)
        }
    }

    static func count(_ key: String, _ property: Property<Int?>, in range: ClosedRange<Int>) -> Setting {
        let expectation = "\"auto\" or a whole number from \(range.lowerBound) to \(range.upperBound)"
        return Setting(key, property, expectation) { raw in
            if raw.string == "auto" { return .some(nil) }
            return raw.integer.flatMap { range.contains($0) ? .some($0) : nil }
        } render: {
            $0.map(String.init) ?? tomlText("auto")
        }
    }

    static func scales(_ key: String, _ property: Property<ScaleMode>) -> Setting {
        let expectation =
            "\"auto\", or \"1\" followed by any of 2, 4 and 8 in rising order, such as \"1,2,4\""
        return Setting(key, property, expectation) { raw in
            // The full size alone is a whole number too.
            (raw.string ?? raw.integer.map(String.init)).flatMap { ScaleMode($0) }
        } render: {
            tomlText($0.description)
        }
    }

    static func tile(_ key: String, _ property: Property<TileMode>, in range: ClosedRange<Int>) -> Setting {
        let expectation =
            "\"auto\", \"off\" or a tile's side in pixels from \(range.lowerBound) to \(range.upperBound)"
        return Setting(key, property, expectation) { raw in
            switch raw.string {
            case "auto": .auto
            case "off": .off
            default: raw.integer.flatMap { range.contains($0) ? .size($0) : nil }
            }
        } render: {
            if case .size(let side) = $0 { String(side) } else { tomlText($0.description) }
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
                result += "\\u" + ByteText.hexadecimal(UInt16(scalar.value))
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
