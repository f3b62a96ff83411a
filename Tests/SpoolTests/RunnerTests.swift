import Foundation
import Spool
import TestSupport
import Testing

@Suite("The main path of the spool")
struct SpoolRunTests {
    @Test func batchIsRestoredAndArchived() async throws {
        let spool = try SpoolFixture()
        try spool.makeFolder("in/sub/deep")
        for index in 0..<20 { try spool.deliver("\(index).png", Array("picture \(index).".utf8)) }
        try spool.deliver("sub/deep/a.JPG", Array("inner.".utf8))
        try spool.deliver("sub/bad.jpeg", Array("bad.".utf8))
        try spool.deliver("notes.txt", Array("not a picture.".utf8))
        let report = try await runOnce(spool.options)
        #expect(report == DrainReport(done: 21, failed: 1, remaining: 0))
        let out = spool.tree("out")
        #expect(out.count == 21)
        #expect(out["sub/deep/a.JPG"] == "restored inner.")
        #expect(spool.tree("spool/archive").count == 21)
        #expect(Set(spool.tree("spool/failed").keys) == ["sub/bad.jpeg", "sub/bad.jpeg.json"])
        #expect(spool.tree("in") == ["notes.txt": "not a picture."])
    }
}
