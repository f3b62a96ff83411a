import Files
import Foundation
import Logging
import Service
import Testing

/// Names that try to break out of a line.
let hostileTexts = [
    "a\nb", "a\r\nb", "\u{1B}[2K\u{1B}[1A", "\u{9B}2J", "tab\there", "\u{0}", "\u{7F}", "back\\slash\\n",
    "\u{2028}line", "\u{202E}gnp.exe", "\"quoted\"", "a=b c", "", "🏔️ Ötztal", "e\u{301}", "\r", "\u{85}",
]

@Suite struct LogLineTests {
    @Test(arguments: hostileTexts)
    func noTextForgesALine(text: String) {
        let event = logEvent("found \(text)", ["input": .string(text), "k=\n\(text)": "v"])
        let fields = LogFields(level: .init())
        let line = LogLine(event: event, fields: fields).text(timestamp: "T", priorityPrefix: false)
        #expect(line.hasSuffix("\n"))
        #expect(line.hasPrefix("T info found "))
        let inner = line.unicodeScalars.dropLast()
        #expect(!inner.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) })
        #expect(!inner.contains { [0x2028, 0x2029, 0x202E].contains($0.value) })
    }

    @Test(arguments: hostileTexts)
    func jsonHoldsTheExactTextOnOneLine(text: String) throws {
        let event = logEvent("found \(text)", ["input": .string(text)])
        let line = LogLine(event: event, fields: LogFields(level: .init())).json(timestamp: "T")
        #expect(line.unicodeScalars.filter { $0 == "\n" }.count == 1)
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        #expect(object?["message"] as? String == "found \(text)")
        #expect((object?["fields"] as? [String: String])?["input"] == text)
        #expect(object?["level"] as? String == "info")
        #expect(object?["time"] as? String == "T")
    }

    @Test(arguments: [
        ("plain", "plain"), ("", "\"\""), ("a b", "\"a b\""), ("a\"b", "\"a\\\"b\""), ("a=b", "\"a=b\""),
        ("a\\b", "a\\\\b"), ("a\nb", "a\\x0ab"), ("\u{1B}", "\\x1b"),
    ])
    func wordsAreQuotedWhereNeeded(text: String, expected: String) {
        #expect(LineText.word(text) == expected)
    }

    @Test func theShapesDiffer() {
        let recorder = Recorder<String>()
        for shape in [LineHandler.Shape.prefixedText, .text, .json] {
            var logger = Logger(label: "x") { _ in
                LineHandler(shape: shape, level: .init(.warning), sink: { recorder.append($0) })
            }
            logger[metadataKey: "job"] = "7"
            logger.info("too quiet")
            logger.warning("full")
        }
        #expect(recorder.all.count == 3)
        #expect(recorder.all[0] == "<4>full job=7\n")
        #expect(recorder.all[1].hasSuffix("Z warning full job=7\n"))
        #expect(
            recorder.all[2].hasSuffix(
                "\"level\":\"warning\",\"message\":\"full\",\"fields\":{\"job\":\"7\"}}\n"))
    }

    @Test func oneSwitchTurnsAllLoggersButThoseTurnedByHand() {
        let level = LogLevelSwitch(.info)
        let recorder = Recorder<String>()
        let shared = Logger(label: "x") { _ in
            LineHandler(shape: .prefixedText, level: level, sink: { recorder.append($0) })
        }
        var own = shared
        own.logLevel = .error
        shared.debug("1")
        level.current = .debug
        shared.debug("2")
        own.warning("3")
        own.error("4")
        #expect(recorder.all == ["<7>2\n", "<3>4\n"])
    }

    @Test(arguments: [
        (0, 0, "1970-01-01T00:00:00.000Z"), (951_782_400, 999_999_999, "2000-02-29T00:00:00.999Z"),
        (4_102_444_799, 1_000_000, "2099-12-31T23:59:59.001Z"),
    ])
    func timesAreRFC3339(seconds: Int, nanoseconds: Int, expected: String) {
        #expect(Timestamp.text(seconds: seconds, nanoseconds: nanoseconds) == expected)
    }
}

@Suite struct LogOutputTests {
    @Test func theJournalIsChosenWhereStandardErrorLeadsThere() throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        var status = stat()
        #expect(fstat(descriptor, &status) == 0)
        let stream = "\(status.st_dev):\(status.st_ino)"
        func choose(_ format: LogFormat, _ stream: String?) -> LogOutput {
            .choose(format: format, journalStream: stream, standardError: descriptor)
        }
        #expect(choose(.auto, stream) == .journal)
        #expect(choose(.auto, nil) == .lines(.text))
        for other in ["", "1", "1:2", "\(stream):3", "x:y"] {
            #expect(choose(.auto, other) == .lines(.text))
        }
        #expect(choose(.text, stream) == .lines(.prefixedText))
        #expect(choose(.text, nil) == .lines(.text))
        #expect(choose(.json, stream) == .lines(.json))
        #expect(choose(.journal, nil) == .journal)
    }
}
