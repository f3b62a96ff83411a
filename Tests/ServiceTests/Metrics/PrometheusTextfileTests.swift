import Files
import Foundation
import Restoration
import Service
import Synchronization
import TestSupport
import Testing

struct PrometheusTextfileTests {
    private func modes(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func aRunLeavesItsCounts() async throws {
        var place = try Workplace()
        let path = place.folder.path("promptir.prom")
        place.configuration.metricsFile = Path(path)
        for name in ["a.png", "b.png"] { try place.deliver(name) }
        try place.deliver("broken.png", bytes: Array("no picture".utf8))
        try place.deliver("notes.txt", bytes: [1])
        let previous = umask(0o077)
        let begin = Date().timeIntervalSince1970
        let report = try await OnceRun(place.configuration, logger: RecordedLog().logger).run()
        umask(previous)
        #expect(report.drain.done == 2)
        let reader = try MetricsReader(String(contentsOfFile: path, encoding: .utf8))
        let samples = reader.samples
        #expect(samples["promptir_pictures_restored_total"] == 2)
        #expect(samples["promptir_pictures_failed_total"] == 1)
        #expect(samples["promptir_pictures_queued"] == 0)
        #expect(samples["promptir_pictures_in_flight"] == 0)
        #expect(samples["promptir_entries_passed_over"] == 1)
        #expect(samples["promptir_picture_duration_seconds_count"] == 2)
        #expect(samples["promptir_picture_duration_seconds_bucket{le=\"+Inf\"}"] == 2)
        let outputs = ["out/a.png", "out/b.png"].map {
            FileManager.default.contents(atPath: place.folder.path($0))?.count ?? 0
        }
        #expect(samples["promptir_output_bytes_total"] == Double(outputs.reduce(0, +)))
        #expect((samples["promptir_input_bytes_total"] ?? 0) > 0)
        let success = samples["promptir_last_success_timestamp_seconds"] ?? 0
        #expect(success > begin - 1 && success < Date().timeIntervalSince1970 + 1)
        let digest = try Model.digest(of: place.configuration.model)
        #expect(
            samples[
                "promptir_build_info{version=\"\(Version.current)\",model=\"\(digest)\",precision=\"float32\"}"
            ]
                == 1,
            "\(digest)")
        #expect(try modes(path) == 0o644)
        let left = try FileManager.default.contentsOfDirectory(atPath: place.folder.path)
        #expect(!left.contains { $0.contains(".prom.") })
        let status = try StatusReport(place.configuration).text(asJSON: true)
        let json = try JSONSerialization.jsonObject(with: Data(status.utf8)) as? [String: Any]
        #expect(json?["model"] as? String == digest)
    }

    @Test func itIsReplacedWholeAndKeptUpToDate() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("m.prom")
        // As a killed run leaves it.
        try folder.write([1], to: ".m.prom.123-0.tmp")
        let count = Atomic(0)
        let file = PrometheusTextfile(Path(path), interval: .milliseconds(20), logger: RecordedLog().logger) {
            "\(count.add(1, ordering: .relaxed).newValue) " + String(repeating: "x", count: 100_000) + "\n"
        }
        file.start()
        let begin = ContinuousClock.now
        var seen: Set<String> = []
        while ContinuousClock.now - begin < .milliseconds(500) {
            guard let text = FileManager.default.contents(atPath: path) else { continue }
            #expect(text.count > 100_000 && text.last == UInt8(ascii: "\n"))
            seen.insert(String(decoding: text.prefix(8), as: UTF8.self))
        }
        file.finish()
        #expect(seen.count > 2)
        let last = FileManager.default.contents(atPath: path) ?? Data()
        #expect(String(decoding: last, as: UTF8.self).hasPrefix("\(count.load(ordering: .relaxed)) "))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["m.prom"])
    }

    @Test func aFolderThatIsAbsentIsSaidOnceAndHoldsUpNothing() async throws {
        var place = try Workplace()
        place.configuration.metricsFile = Path(place.folder.path("absent/m.prom"))
        try place.deliver("a.png")
        let log = RecordedLog()
        let report = try await OnceRun(place.configuration, logger: log.logger).run()
        #expect(report.exitCode == .done)
        #expect(log.all.count { $0.contains("metrics cannot be written") } == 1)
    }
}
