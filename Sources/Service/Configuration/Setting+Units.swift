/// Settings whose values have a unit.
extension Setting {
    private static let ageUnits = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]
    private static let sizeUnits = [("T", 1 << 40), ("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10), ("", 1)]

    /// A duration: `"30d"`, `"12h"`, or seconds as a number; `"off"` is zero.
    static func age(_ key: String, _ property: Property<Duration>) -> Setting {
        Setting(key, property, "\"off\", or a time such as \"30d\", \"12h\", \"90m\" or \"45s\"") { raw in
            Self.whole(raw, ageUnits, none: "off", limit: 1 << 32).map { .seconds($0) }
        } render: {
            Self.text(Int($0.components.seconds), ageUnits, none: "off")
        }
    }

    /// A size: `"10G"`, `"500M"`, or bytes as a number.
    ///
    /// - Parameter none: the word for zero; nil where zero has no meaning.
    static func size(_ key: String, _ property: Property<Int>, none: String? = "off") -> Setting {
        let word = none.map { tomlText($0) + ", or " } ?? ""
        return Setting(key, property, word + "a size such as \"10G\" or \"500M\"") { raw in
            Self.whole(raw, sizeUnits, none: none, limit: 1 << 60).flatMap {
                none == nil && $0 == 0 ? nil : $0
            }
        } render: {
            Self.text($0, sizeUnits, none: none ?? "0")
        }
    }

    /// A shard: `"I/N"`, `"auto"` or `"auto/N"`.
    static func shard(_ key: String, _ property: Property<ShardSetting>) -> Setting {
        Setting(key, property, "\"I/N\" with I from 0 to N - 1, \"auto\", \"auto/N\" or \"\"") { raw in
            raw.string.flatMap { ShardSetting($0) }
        } render: {
            tomlText($0.text)
        }
    }

    private static func whole(
        _ raw: RawSetting, _ units: [(String, Int)], none: String?, limit: Int
    ) -> Int? {
        if let none, raw.string == none { return 0 }
        if let number = raw.integer { return (0...limit).contains(number) ? number : nil }
        guard let text = raw.string, let last = text.last,
            let (name, factor) = units.first(where: { $0.0 == String(last) }), !name.isEmpty,
            let number = Int(text.dropLast()), number >= 0
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow || product > limit ? nil : product
    }

    private static func text(_ value: Int, _ units: [(String, Int)], none: String) -> String {
        guard value != 0 else { return tomlText(none) }
        guard let (name, factor) = units.first(where: { value.isMultiple(of: $0.1) }), !name.isEmpty else {
            return String(value)
        }
        return tomlText("\(value / factor)\(name)")
    }
}
