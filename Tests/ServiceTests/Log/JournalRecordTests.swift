import Files
import Foundation
import Logging
import Service
import Spool
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
        #expect(
            lines[0].hasPrefix("MESSAGE=cannot decode a\\x0aPRIORITY=0\\x0aMESSAGE=all is lost.png input="))
        #expect(lines.filter { $0.hasPrefix("PRIORITY=") } == ["PRIORITY=6"])
    }

    /// The journal gets the bytes; people, and JSON, which can hold no such bytes, a text that leads back to them.
    @Test func aNameThatIsNoTextKeepsItsBytes() throws {
        struct Name: ByteNamed {
            let bytes: [UInt8]
            var description: String { ByteText.escaped(bytes) }
        }
        let bytes: [UInt8] = [0xFF, 0x0A] + Array("PRIORITY=0\\.png".utf8)
        let event = logEvent("restored", ["file": .stringConvertible(Name(bytes: bytes)), "job": "7"])
        let record = JournalRecord(event: event, fields: LogFields(level: .init()), identifier: "x")
        #expect(record.assignments.contains(Array("PROMPTIR_INPUT=".utf8) + bytes))
        #expect(record.assignments.contains(Array("PROMPTIR_JOB=7".utf8)))
        #expect(record.assignments.count { $0.starts(with: "PRIORITY=".utf8) } == 1)
        let line = LogLine(event: event, fields: LogFields(level: .init()))
        #expect(line.plainText == #"restored file="\xff\x0aPRIORITY=0\\.png" job=7"#)
        let json =
            try JSONSerialization.jsonObject(with: Data(line.json(timestamp: "T").utf8)) as? [String: Any]
        let fields = json?["fields"] as? [String: String]
        #expect(fields?["file"] == #"\xff\x0aPRIORITY=0\\.png"#)
        #expect(fields?["file_hex"] == ByteText.hexadecimal(bytes))
    }

    /// Random bytes as a file's name, in every shape: one line, whole JSON, and the bytes in the journal.
    @Test func noNameForgesALine() throws {
        struct Name: ByteNamed {
            let bytes: [UInt8]
            var description: String { ByteText.escaped(bytes) }
        }
        var random = SystemRandomNumberGenerator()
        let pieces = ["\n", "\r", "<3>", "{\"a\":", "\"", "\\", "\u{2028}", "PRIORITY=0", "é", "\u{202E}"]
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 1...6)).flatMap { _ -> [UInt8] in
                Bool.random(using: &random)
                    ? [UInt8.random(in: 1...255)] : Array((pieces.randomElement() ?? "").utf8)
            }
            let event = logEvent("seen", ["file": .stringConvertible(Name(bytes: bytes))])
            let line = LogLine(event: event, fields: LogFields(level: .init()))
            let texts = [
                line.text(timestamp: "T", priorityPrefix: false),
                line.text(timestamp: nil, priorityPrefix: true),
                line.json(timestamp: "T"),
            ]
            for text in texts {
                #expect(text.unicodeScalars.dropLast().allSatisfy { !ByteText.isUnsafe($0) }, "\(bytes)")
                #expect(text.hasSuffix("\n"))
            }
            let json = try JSONSerialization.jsonObject(with: Data(texts[2].utf8)) as? [String: Any]
            let fields = try #require(json?["fields"] as? [String: String], "\(bytes)")
            if let text = String(validating: bytes, as: UTF8.self) {
                #expect(fields == ["file": text])
            } else {
                #expect(fields["file_hex"] == ByteText.hexadecimal(bytes))
            }
            let record = JournalRecord(event: event, fields: LogFields(level: .init()), identifier: "x")
            #expect(record.assignments.last == Array("PROMPTIR_INPUT=".utf8) + bytes)
        }
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
        let all = ServiceEvent.allCases.map(\.messageID) + SpoolEvent.allCases.map(\.messageID)
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
