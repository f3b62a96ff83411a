import Files

/// All findings about a machine.
package struct DoctorReport: Sendable, Equatable {
    package let findings: [Finding]

    package init(_ findings: [Finding]) {
        self.findings = findings
    }

    /// Whether the service works here. Warnings do not count.
    package var isReady: Bool { !findings.contains { $0.level == .failed } }

    /// A line for each finding, its advice below it, and a last line that sums up.
    package var text: String {
        let width = (findings.map(\.topic.count).max() ?? 0) + 2
        let lines = findings.map { finding in
            let level = Self.padded(finding.level.rawValue, to: 9)
            let line = level + Self.padded(finding.topic, to: width) + ByteText.oneLine(finding.text)
            let indent = String(repeating: " ", count: 9 + width)
            return line + (finding.advice.map { "\n" + indent + "-> " + ByteText.oneLine($0) } ?? "")
        }
        return (lines + [summary]).map { $0 + "\n" }.joined()
    }

    private var summary: String {
        func count(_ level: Finding.Level) -> Int { findings.count { $0.level == level } }
        let (failed, warnings) = (count(.failed), count(.warning))
        let parts =
            (failed > 0 ? ["\(failed) failed"] : []) + (warnings > 0 ? ["\(warnings) to look at"] : [])
        let verdict = isReady ? "this machine is ready" : "this machine is not ready"
        return verdict + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
    }

    /// One JSON object.
    package var json: String {
        var object = JSONObject()
        object.set("schema", "promptir-doctor/1")
        object.set("ready", isReady)
        let list = findings.map { finding in
            var entry = JSONObject()
            entry.set("level", finding.level.rawValue)
            entry.set("topic", finding.topic)
            entry.set("text", finding.text)
            entry.set("advice", finding.advice)
            return entry.text
        }
        object.setJSON("findings", "[" + list.joined(separator: ", ") + "]")
        return object.text
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
