import Files
import Foundation
import Spool
import Testing

@Suite("Who holds the lock")
struct LockHolderTests {
    /// The number in the file is a dead daemon's.
    @Test func aForeignProcessIsNamedAndNotTheDeadDaemon() async throws {
        let spool = try SpoolFixture()
        try spool.makeFolder("spool")
        try spool.write("4194303\n", to: "spool/lock")
        let foreign = Process()
        foreign.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        foreign.arguments = [spool.path("spool/lock"), "sleep", "30"]
        try foreign.run()
        defer { foreign.terminate() }
        let pid = Int(foreign.processIdentifier)
        var found: SpoolError?
        for _ in 0..<500 where found == nil {
            do {
                // Not yet held.
                try SpoolDisk(spool.options).release()
                try await Task.sleep(for: .milliseconds(10))
            } catch let error as SpoolError {
                found = error
            }
        }
        let path = Path(spool.path("spool/lock"))
        #expect(found == .locked(path: path, holder: .process(pid: pid, name: "flock")))
        #expect(found?.description.contains("is held by process \(pid) (flock)") == true)
        let status = try SpoolStatus.read(spool.layout)
        #expect(status.isRunning && status.pid == pid)
    }

    @Test func anUnknownHolderIsNotGuessed() {
        let error = SpoolError.locked(path: "/spool/lock", holder: .unknown(last: 7))
        #expect(
            error.description.contains(
                "held by a process that /proc/locks does not name (the last that worked on the spool was process 7)"
            ))
    }
}
