import Foundation
import Service
import Spool
import TestSupport
import Testing

private func shipped(_ path: String) throws -> String {
    try String(contentsOf: SharedFolder.packageRoot.appendingPathComponent(path), encoding: .utf8)
}

@Suite struct ShippedConfigurationTests {
    @Test func itHoldsEveryKeyOnceInOrderWithItsDefault() throws {
        let text = try shipped("etc/promptir-restored.toml")
        let file = try ConfigurationFile(path: "etc/promptir-restored.toml", text: text)
        let keys = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
        #expect(keys == Setting.all.map(\.key))
        var configuration = try LayeredConfiguration(file: file, overrides: .init()).configuration
        #expect(configuration.inbox == "/var/lib/promptir-restored/inbox")
        #expect(configuration.outbox == "/var/lib/promptir-restored/outbox")
        #expect(configuration.spool == "/var/lib/promptir-restored/spool")
        #expect(!configuration.bundle)
        configuration.bundle = true
        (configuration.inbox, configuration.outbox, configuration.spool) = ("", "", "")
        #expect(configuration == ServiceConfiguration())
    }

    @Test func everyKeyIsExplained() throws {
        let lines = try shipped("etc/promptir-restored.toml").split(
            separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            #expect(index > 0 && lines[index - 1].hasPrefix("# "), "no comment above: \(line)")
        }
    }

    @Test func itSaysWhatNeedsARestart() throws {
        let paragraphs = try shipped("etc/promptir-restored.toml").components(separatedBy: "\n\n")
        for setting in Setting.all {
            let paragraph = try #require(paragraphs.first { $0.contains("\n\(setting.key) = ") })
            let text = paragraph.replacingOccurrences(of: "\n# ", with: " ")
            #expect(text.contains("Needs a restart.") == setting.needsRestart, "\(setting.key)")
        }
    }

    @Test func itsFoldersAreMadeByTmpfiles() throws {
        let made = try shipped("systemd/promptir-restored.tmpfiles")
        for folder in ["inbox  2770", "outbox 2750", "spool  2700"] {
            #expect(made.contains("/var/lib/promptir-restored/\(folder) promptir-restored promptir-restored"))
        }
    }
}

@Suite struct ShippedDocumentTests {
    /// People's alerts name them.
    @Test func everyMessageIDIsListed() throws {
        let text = try shipped("docs/SPOOL.md")
        let events =
            ServiceEvent.allCases.map { ($0.rawValue, $0.messageID) }
            + SpoolEvent.allCases.map { ($0.rawValue, $0.messageID) }
        for (name, messageID) in events {
            #expect(text.contains("| `\(name)` | `\(messageID)` |"), "\(name)")
        }
    }

    @Test func everyFlagIsInTheReference() throws {
        let text = try shipped("docs/REFERENCE.md")
        for setting in Setting.all where setting.key != "bundle" && setting.key != "tta" {
            #expect(text.contains("--\(setting.key)"), "\(setting.key)")
        }
    }
}

@Suite struct ShippedUnitTests {
    private static let units = ["promptir-restored.service", "promptir-restored-once.service"]

    @Test(arguments: units)
    func everyDirectiveHasAReason(unit: String) throws {
        // One comment may stand above a group of lines; a group never begins without one.
        let lines = try shipped("systemd/\(unit)").split(separator: "\n", omittingEmptySubsequences: false)
        let obvious: Set<Substring> = ["Description", "WantedBy"]
        var explained = false
        for line in lines {
            if line.hasPrefix("#") {
                explained = true
            } else if line.isEmpty || line.hasPrefix("[") {
                explained = false
            } else if let key = line.split(separator: "=").first, !obvious.contains(key) {
                #expect(explained, "\(unit): no reason above \(line)")
            }
        }
    }

    @Test func bothServicesAreConfinedAlike() throws {
        let confinements = try Self.units.map { unit in
            let text = try shipped("systemd/\(unit)")
            let start = try #require(text.range(of: "# --- Who it is"))
            let end = text.range(of: "[Install]")?.lowerBound ?? text.endIndex
            return text[start.lowerBound..<end].trimmingCharacters(in: .whitespacesAndNewlines)
        }
        #expect(confinements[0] == confinements[1])
    }

    /// Pictures that end the process, however many there are, must not stop the service for good: each start that they
    /// make necessary is so late after the one before that systemd's limit is never reached.
    @Test func picturesThatEndTheProcessDoNotReachTheStartLimit() throws {
        let unit = try shipped("systemd/promptir-restored.service")
        func seconds(_ key: String) throws -> Double {
            let line = try #require(unit.split(separator: "\n").first { $0.hasPrefix("\(key)=") })
            let value = line.dropFirst(key.count + 1)
            if value.hasSuffix("min") { return try #require(Double(value.dropLast(3))) * 60 }
            return try #require(Double(value.hasSuffix("s") ? value.dropLast() : value))
        }
        let interval = try seconds("StartLimitIntervalSec")
        let restart = try seconds("RestartSec")
        let burst = try seconds("StartLimitBurst")
        func starts(life: Double) -> Double { (interval / (restart + life)).rounded(.down) + 1 }
        // No picture is begun earlier: a new one settles, and one that may have ended a process waits.
        var configuration = ServiceConfiguration()
        configuration.inbox = "/in"
        let options = configuration.spoolOptions
        let life = min(options.settle, options.stability, options.retryDelay) / .seconds(1)
        #expect(starts(life: life) < burst)
        // All that 16 workers have in hand: one crash together, then each alone as often as is allowed, all within one interval.
        let crashCount = 1 + 17 * options.maximumAttempts
        #expect(Double(1 + crashCount) < burst)
        // A program that dies at its start does reach the limit.
        #expect(starts(life: 0.4) > burst)
    }

    @Test func theStopTimeoutLeavesRoomForTheDrain() throws {
        let unit = try shipped("systemd/promptir-restored.service")
        #expect(unit.contains("TimeoutStopSec=90s"))
        #expect(ServiceConfiguration().drain < .seconds(90))
        // 252 does not know notify-reload and loses readiness by it.
        #expect(unit.contains("\nType=notify\n"))
    }
}
