import Files
import Foundation
import Spool
import Testing

@Suite("Who holds the lock")
struct LockHolderTests {
    /// The number in the file is a dead daemon's.
    @Test func aForeignProcessIsNamedAndNotTheDeadDaemon() throws {
        let spool = try SpoolFixture()
        try spool.makeFolder("spool")
        try spool.write("4194303\n", to: "spool/lock")
        let foreign = Process()
        foreign.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        foreign.arguments = [spool.path("spool/lock"), "sh", "-c", "echo held; exec sleep 60"]
        let output = Pipe()
        foreign.standardOutput = output
        // What the shell leaves behind must not hold the test's own pipe open.
        foreign.standardError = FileHandle.nullDevice
        try foreign.run()
        defer { kill(foreign.processIdentifier, SIGKILL) }
        #expect(output.fileHandleForReading.availableData.count == 5)
        let pid = Int(foreign.processIdentifier)
        let path = Path(spool.path("spool/lock"))
        let found = #expect(throws: SpoolError.self) { try SpoolDisk(spool.options).release() }
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
