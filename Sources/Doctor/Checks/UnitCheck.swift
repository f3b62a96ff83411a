/// What systemd says about the service's unit.
package struct UnitCheck: Sendable {
    package static let name = "promptir-restored.service"

    /// The properties of systemctl-show(1), by name.
    package var properties: [String: String]

    /// - Parameter output: lines of the form `Name=value`.
    package init(output: String) {
        properties = [:]
        for line in output.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            properties[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
    }

    package var isInstalled: Bool { properties["LoadState"] == "loaded" }

    /// The user as whom the unit runs; nil if it names none.
    package var user: String? {
        properties["User"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The bytes that the unit may take; nil if there is no limit.
    package var memoryMaximum: Int? { properties["MemoryMax"].flatMap { Int($0) } }

    package var finding: Finding {
        guard isInstalled else {
            return .warning(
                "unit", "\(Self.name) is not installed",
                advice: "install it, or run promptir-restored --once from cron")
        }
        let active = properties["ActiveState"] ?? "unknown"
        let enabled = properties["UnitFileState"] ?? "unknown"
        let state = "\(Self.name) is \(active) and \(enabled)"
        switch (active, enabled) {
        case ("failed", _):
            return .failed(
                "unit", state + " (\(properties["Result"] ?? "no result"))",
                advice: "journalctl --unit promptir-restored --lines 20 says why")
        case ("active", "enabled"), ("reloading", "enabled"): return .ok("unit", state)
        case ("active", _), ("reloading", _):
            return .warning(
                "unit", state + ": it does not start at boot",
                advice: "systemctl enable promptir-restored")
        default:
            return .warning("unit", state, advice: "systemctl enable --now promptir-restored")
        }
    }
}
