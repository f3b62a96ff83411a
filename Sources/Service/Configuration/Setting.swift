import Files
import Logging
import PromptIR

/// A key of the file and flag of the command line, connected with a property of the configuration.
package struct Setting: Sendable {
    /// The key in the file; the flag is `--key`.
    package let key: String
    /// Whether a changed value takes effect only at the next start.
    package private(set) var needsRestart = false
    /// The accepted values, as error messages describe them.
    package let expectation: String
    /// Stores a value, or returns false if the setting does not accept it.
    package let store: @Sendable (RawSetting, inout ServiceConfiguration) -> Bool
    /// Returns the value in TOML.
    package let render: @Sendable (ServiceConfiguration) -> String
    /// Copies the value from another configuration.
    package let copy: @Sendable (_ source: ServiceConfiguration, inout ServiceConfiguration) -> Void

    /// A writable property of the configuration that any thread may use.
    typealias Property<Value> = WritableKeyPath<ServiceConfiguration, Value> & Sendable

    /// - Parameters:
    ///   - read: returns nil if the setting does not accept the value.
    ///   - render: returns the value in TOML.
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

    /// Returns the same setting, marked as taking effect only at a start.
    func atStart() -> Setting {
        var setting = self
        setting.needsRestart = true
        return setting
    }

    /// A path. It may be empty if the property's comment gives that a meaning.
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

    static func fraction(_ key: String, _ property: Property<Double>) -> Setting {
        Setting(key, property, "a number from 0 to 1") { raw in
            raw.number.flatMap { (0...1).contains($0) ? $0 : nil }
        } render: {
            shortest($0)
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
            // A single full-size scale is also a whole number.
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

    /// Returns a text as a TOML basic string.
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

    /// Returns "2" rather than "2.0".
    static func shortest(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}
