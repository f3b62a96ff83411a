import Files

/// Whether the unit's confinement lets the service reach its folders.
package struct ConfinementCheck: Sendable {
    package var protectHome: String
    package var protectSystem: String
    /// The folders that the unit may write into.
    package var writable: [Path]

    package init(protectHome: String, protectSystem: String, writable: [Path]) {
        self.protectHome = protectHome
        self.protectSystem = protectSystem
        self.writable = writable
    }

    package init(_ unit: UnitCheck) {
        let words = { (name: String) in (unit.properties[name] ?? "").split(separator: " ").map(String.init) }
        self.init(
            protectHome: unit.properties["ProtectHome"] ?? "no",
            protectSystem: unit.properties["ProtectSystem"] ?? "no",
            // A path may begin with `-` (it need not exist) and `+` (it is relative to RootDirectory=).
            writable: words("ReadWritePaths").map { Path(String($0.drop { "-+".contains($0) })) }
                + words("StateDirectory").map { Path("/var/lib").appending(Path($0)) })
    }

    /// - Parameter folders: absolute paths by key.
    /// - Returns: a finding for each folder out of reach, or one that all are within.
    package func findings(_ folders: [(key: String, path: Path)]) -> [Finding] {
        let problems = folders.compactMap { problem($0.key, $0.path) }
        return problems.isEmpty ? [.ok("confinement", "the unit may write into all folders")] : problems
    }

    private func problem(_ key: String, _ path: Path) -> Finding? {
        if Confinement.isInHome(path), protectHome != "no" {
            return .failed(
                "confinement", "the unit hides \(key) \(path) (ProtectHome=\(protectHome))",
                advice: advice(path, isHidden: true))
        }
        let isWritable = writable.contains { path.relative(to: $0) != nil }
        if protectSystem == "strict", !isWritable {
            return .failed(
                "confinement", "the unit may not write into \(key) \(path) (ProtectSystem=strict)",
                advice: advice(path, isHidden: false))
        }
        return nil
    }

    private func advice(_ path: Path, isHidden: Bool) -> String {
        "allow the folder that holds inbox and spool: "
            + Confinement.dropIn(allowing: path.folder, isHidden: isHidden)
    }
}
