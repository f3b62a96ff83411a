import Doctor
import Files
import Testing

@Suite struct UnitCheckTests {
    private func unit(_ active: String, _ enabled: String) -> UnitCheck {
        UnitCheck(
            output: """
                LoadState=loaded
                ActiveState=\(active)
                UnitFileState=\(enabled)
                Result=exit-code
                User=promptir-restored
                MemoryMax=1000
                ProtectHome=yes
                ProtectSystem=strict
                ReadWritePaths=-/srv/pictures
                StateDirectory=promptir-restored
                """)
    }

    @Test(arguments: [
        ("active", "enabled", Finding.Level.ok), ("active", "disabled", .warning),
        ("inactive", "enabled", .warning), ("failed", "enabled", .failed),
    ])
    func statesAreJudged(active: String, enabled: String, expected: Finding.Level) {
        #expect(unit(active, enabled).finding.level == expected)
    }

    @Test func propertiesAreRead() {
        let unit = unit("active", "enabled")
        #expect(unit.isInstalled && unit.user == "promptir-restored" && unit.memoryMaximum == 1000)
        let absent = UnitCheck(output: "LoadState=not-found\nMemoryMax=infinity\nUser=\n")
        #expect(!absent.isInstalled && absent.user == nil && absent.memoryMaximum == nil)
        #expect(absent.finding.level == .warning)
    }

    @Test func theConfinementIsCompared() {
        let confinement = ConfinementCheck(unit("active", "enabled"))
        func levels(_ path: Path) -> [Finding.Level] {
            confinement.findings([("inbox", path)]).map(\.level)
        }
        #expect(levels("/var/lib/promptir-restored/inbox") == [.ok])
        #expect(levels("/srv/pictures/in") == [.ok])
        #expect(levels("/srv/picturesque") == [.failed])
        let home = confinement.findings([("outbox", "/home/alice/out")])
        #expect(home.map(\.level) == [.failed])
        #expect(home[0].advice?.contains("ProtectHome=no and ReadWritePaths=/home/alice") == true)
    }
}
