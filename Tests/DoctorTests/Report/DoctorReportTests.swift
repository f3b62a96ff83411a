import Doctor
import Files
import Testing

@Suite struct DoctorReportTests {
    private let good = SpaceCheck(
        path: "/srv", space: DiskSpace(availableByteCount: 10 << 30, availableFileCount: nil)
    ).finding
    private let bad = FolderCheck(key: "inbox", path: "/in\n", user: "alice", state: .notAFolder).finding
    private let doubtful = WatchCheck(
        silentFilesystem: "nfs", refusal: nil, folderCount: 1, watchLimit: nil
    ).finding

    @Test func warningsDoNotCount() {
        #expect(DoctorReport([good, doubtful]).isReady)
        #expect(DoctorReport([good, doubtful]).text.hasSuffix("this machine is ready: 1 to look at\n"))
        #expect(DoctorReport([good]).text.hasSuffix("\nthis machine is ready\n"))
    }

    @Test func aFailureDoes() {
        let report = DoctorReport([good, bad])
        #expect(!report.isReady && report.text.hasSuffix("this machine is not ready: 1 failed\n"))
    }

    @Test func aLineForEachAndOneForItsAdvice() {
        let lines = DoctorReport([good, bad]).text.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix("ok       disk   10.7 GB free"))
        #expect(lines[1].hasPrefix("failed   inbox  ") && lines[2].contains("-> correct inbox"))
    }

    @Test func jsonHasAllFindings() {
        let json = DoctorReport([good, bad]).json
        #expect(json.hasPrefix("{\"schema\": \"promptir-doctor/1\", \"ready\": false, \"findings\": [{"))
        #expect(json.contains("\"level\": \"failed\"") && json.contains("\"advice\": null"))
    }
}
