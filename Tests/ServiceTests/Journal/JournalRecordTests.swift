import Logging
import Service
import Testing

@Suite struct JournalRecordTests {
    private func texts(_ event: LogEvent, fields: LogFields = LogFields(level: .init())) -> [String] {
        JournalRecord(event: event, fields: fields, identifier: "promptir-restored").assignments
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func anEventCarriesItsFields() {
        let event = logEvent(
            "restored a.png", level: .notice,
            ["event": "picture-restored", "job": "17", "duration_usec": .stringConvertible(1500)])
        #expect(
            texts(event) == [
                "MESSAGE=restored a.png duration_usec=1500 job=17", "PRIORITY=5",
                "SYSLOG_IDENTIFIER=promptir-restored",
                "CODE_FILE=Spool/Claim.swift", "CODE_LINE=42", "CODE_FUNC=claim()",
                "PROMPTIR_DURATION_USEC=1500", "MESSAGE_ID=34a20b6e5b734bde8ef0cc1e78908d74",
                "PROMPTIR_EVENT=picture-restored", "PROMPTIR_JOB=17",
            ])
    }

    @Test func aHostileNameKeepsItsBytesAndForgesNothing() {
        let name = "a\nPRIORITY=0\nMESSAGE=all is lost.png"
        let lines = texts(logEvent("cannot decode \(name)", ["input": .string(name)]))
        #expect(lines.contains("PROMPTIR_INPUT=" + name))
        #expect(lines[0].hasPrefix("MESSAGE=cannot decode a\\nPRIORITY=0\\nMESSAGE=all is lost.png input="))
        #expect(lines.filter { $0.hasPrefix("PRIORITY=") } == ["PRIORITY=6"])
    }

    @Test func anUnknownEventHasNoMessageID() {
        #expect(!texts(logEvent("x", ["event": "no-such"])).contains { $0.hasPrefix("MESSAGE_ID") })
    }

    @Test func anErrorIsAField() {
        struct Fault: Error, CustomStringConvertible { let description = "broken" }
        var event = logEvent("x")
        event.error = Fault()
        #expect(texts(event).contains("PROMPTIR_ERROR=broken"))
    }

    @Test(arguments: [
        ("file", "PROMPTIR_INPUT"), ("input", "PROMPTIR_INPUT"), ("duration_usec", "PROMPTIR_DURATION_USEC"),
        ("a-b.c d", "PROMPTIR_A_B_C_D"), ("", "PROMPTIR_"), ("ä", "PROMPTIR___"), ("N=\n", "PROMPTIR_N__"),
    ])
    func keysBecomeFieldNames(key: String, expected: String) {
        #expect(JournalRecord.fieldName(key) == expected)
    }

    @Test func fieldNamesAreNeverTooLong() {
        #expect(JournalRecord.fieldName(String(repeating: "x", count: 300)).utf8.count == 64)
    }

    @Test func messageIDsAreDistinctAndWellFormed() {
        let all = ServiceEvent.allCases.map(\.messageID)
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { $0.count == 32 && $0.allSatisfy { $0.isHexDigit && !$0.isUppercase } })
    }

    @Test func laterMetadataWins() {
        var fields = LogFields(level: .init())
        fields.bound = ["a": "bound", "b": "bound", "c": "bound"]
        fields.provider = .init { ["b": "provided", "c": "provided"] }
        let merged = fields.merged(with: logEvent("x", ["c": "own"]))
        #expect(merged.map(\.key) == ["a", "b", "c"])
        #expect(merged.map(\.value) == ["bound", "provided", "own"])
    }

    @Test func everyLevelHasItsPriority() {
        let priorities = Logger.Level.allCases.map(\.syslogPriority)
        #expect(priorities == [7, 7, 6, 5, 4, 3, 2])
    }

    @Test func aSocketThatIsAbsentIsNoFault() {
        // No journald here, or one that takes the line: either way the call returns.
        let logger = LogOutput.journal.logger(label: "promptir-test", level: .init(.debug))
        logger.event(.serviceStarted, level: .debug, "a test's line", ["input": "a\nb"])
    }
}
