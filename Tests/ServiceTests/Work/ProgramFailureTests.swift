import Files
import Glibc
import Service
import Spool
import Testing

@Suite struct ProgramFailureTests {
    @Test(arguments: [
        (ENOSPC, ExitCode.tryAgain, "make room"), (EIO, .tryAgain, "try again"),
        (ENOENT, .configuration, "make the folder"), (EACCES, .configuration, "may write"),
    ])
    func aFullDiskIsNoFaultOfTheConfiguration(errno: Int32, exitCode: ExitCode, advice: String) {
        let cause = FileError(.createFile, "/spool/lock", Errno(errno))
        let failure = ProgramFailure(SpoolError.unusable(what: "lock", cause))
        #expect(failure.exitCode == exitCode && failure.errno == errno)
        #expect(failure.description.contains(advice))
    }
}
