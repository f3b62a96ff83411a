import Files
import TestSupport
import Testing

@Suite("/proc")
struct ProcMountTests {
    @Test("is there, and where it is not, the message says what is missing and what to do")
    func problem() throws {
        #expect(ProcMount.problem == nil)
        let folder = try TemporaryFolder("promptir-proc")
        let problem = try #require(ProcMount.problem(root: Path(folder.path)))
        #expect(problem.contains("proc/self/cmdline: expected the filesystem /proc, found none"))
        #expect(problem.contains("mount -t proc"))
    }
}
