import Files
import Foundation
import Spool
import Testing

@Suite("A hostile inbox", .inTurn)
struct HostileTests {
    /// Names as bytes, made by raw calls.
    private func write(_ name: [UInt8], in folder: String, _ text: String) throws {
        let files = FileSystem()
        let file = try files.createFile(
            #require(FileName(bytes: name)), in: files.openFolder(path: Path(folder)))
        try files.write(Array(text.utf8), to: file)
    }

    private func names(in folder: String) throws -> Set<[UInt8]> {
        let files = FileSystem()
        var names: Set<[UInt8]> = []
        try files.list(files.openFolder(path: Path(folder))) { name throws(FileError) in
            names.insert(name.bytes)
            return true
        }
        return names
    }

    @Test func namesAreBytes() async throws {
        let spool = try SpoolFixture()
        let png = Array(".png".utf8)
        let pictures: Set<[UInt8]> = [
            [0xFF, 0xFE] + png, Array("new\nline".utf8) + png, Array("-rf".utf8) + png,
            Array("a\\b".utf8) + png,
            [UInt8](repeating: UInt8(ascii: "x"), count: 251) + png, Array("Case".utf8) + png,
            Array("case".utf8) + png, Array("cut [31m\u{1B}[0m\u{202E}".utf8) + png, Array(" ".utf8) + png,
            Array("é".utf8) + png, Array("e\u{301}".utf8) + png,
        ]
        for name in pictures { try write(name, in: spool.path("in"), "good.") }
        #expect(try await runOnce(spool.options).done == pictures.count)
        #expect(try names(in: spool.path("out")) == pictures)
        #expect(try names(in: spool.path("spool/archive")) == pictures)
    }

    @Test func longAndBrokenNamesAreQuarantinedWithTheirReasons() async throws {
        let spool = try SpoolFixture()
        let long = [UInt8](repeating: 0xFF, count: 251) + Array(".png".utf8)
        let longer = [UInt8](repeating: 0xFF, count: 250) + [0xFE] + Array(".png".utf8)
        for name in [long, longer] { try write(name, in: spool.path("in"), "bad.") }
        #expect(try await runOnce(spool.options).failed == 2)
        let failed = try names(in: spool.path("spool/failed"))
        #expect(failed.count == 4 && failed.contains(long) && failed.contains(longer))
        // Neither reason is taken for a leftover at the next start.
        try await runOnce(spool.options)
        #expect(try names(in: spool.path("spool/failed")) == failed)
    }

    @Test func whatIsNoFileStaysAndNothingOutsideIsRead() async throws {
        let spool = try SpoolFixture()
        let inbox = spool.path("in")
        try spool.makeFolder("secret")
        try spool.write("secret.", to: "secret/s.png")
        try FileManager.default.createSymbolicLink(
            atPath: "\(inbox)/link.png", withDestinationPath: spool.path("secret/s.png"))
        try FileManager.default.createSymbolicLink(
            atPath: "\(inbox)/folder", withDestinationPath: spool.path("secret"))
        try FileManager.default.createSymbolicLink(
            atPath: "\(inbox)/none.png", withDestinationPath: "/nowhere")
        #expect(mkfifo("\(inbox)/fifo.png", 0o644) == 0)
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        if bindSocket(listener, "\(inbox)/s.png") == false { Issue.record("no socket") }
        try spool.makeFolder("in/folder.png")
        try spool.deliver("folder.png/a.png", "inner.")
        try spool.deliver("a.png", "good.")
        let running = try RunningSpool(spool.options)
        let report = await running.runner.drain(patience: .seconds(1))
        #expect(report == DrainReport(done: 2, failed: 0, remaining: 0))
        #expect(running.runner.snapshot.passedOver == 5)
        await running.stop()
        #expect(spool.tree("out") == ["a.png": "restored good.", "folder.png/a.png": "restored inner."])
        #expect(spool.tree("secret") == ["s.png": "secret."])
    }

    private func bindSocket(_ socket: Int32, _ path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { buffer in
            for (index, byte) in path.utf8.enumerated() where index < buffer.count - 1 {
                buffer[index] = byte
            }
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    /// Between the scan and the claim a picture becomes something else.
    @Test func swappedBeforeTheClaimIsNotTaken() throws {
        let spool = try SpoolFixture()
        try spool.write("secret.", to: "secret")
        try spool.deliver("a.png", "good.")
        let disk = try SpoolDisk(spool.options)
        let name = try #require(RelativeName("a.png"))
        let files = FileSystem()
        let folder = try files.openFolder(path: Path(spool.path("in")))
        let seen = try #require(try files.status(name.last, in: folder)).fingerprint
        try spool.remove("in/a.png")
        try FileManager.default.createSymbolicLink(
            atPath: spool.path("in/a.png"), withDestinationPath: spool.path("secret"))
        guard case .refused(.vanished) = disk.claim(name, seenAs: seen, at: .zero) else {
            Issue.record("a link was claimed")
            return
        }
        try spool.remove("in/a.png")
        try spool.deliver("a.png", "another.")
        guard case .refused(.changed) = disk.claim(name, seenAs: seen, at: .zero) else {
            Issue.record("another file was claimed")
            return
        }
        #expect(spool.tree("in") == ["a.png": "another."])
    }

    @Test func fileInPlaceOfAnOutputFolderIsTheItemsFault() async throws {
        let spool = try SpoolFixture()
        try spool.deliver("a.png", "one.")
        try await runOnce(spool.options)
        try spool.makeFolder("in/a.png")
        try spool.deliver("a.png/b.png", "two.")
        try spool.deliver("c.png", "three.")
        #expect(try await runOnce(spool.options) == DrainReport(done: 1, failed: 1, remaining: 0))
        #expect(try spool.failureCode("a.png/b.png") == "output-conflict")
    }

    @Test func tooLargeIsRefusedUnread() async throws {
        let spool = try SpoolFixture()
        var options = spool.options
        options.maximumInputByteCount = 100
        try spool.deliver("a.png", String(repeating: "x", count: 101) + ".")
        #expect(try await runOnce(options).failed == 1)
        #expect(try spool.failureCode("a.png") == "too-large")
    }
}
