import Doctor
import Files
import Testing

@Suite struct SpaceCheckTests {
    @Test(arguments: [
        (10 << 30, Int?.some(1_000_000), Finding.Level.ok), (10 << 30, nil, .ok),
        (10 << 30, 100, .warning), (500 << 20, nil, .warning), (1 << 20, nil, .failed),
    ])
    func roomIsJudged(bytes: Int, files: Int?, expected: Finding.Level) {
        let space = DiskSpace(availableByteCount: bytes, availableFileCount: files)
        #expect(SpaceCheck(path: "/srv/out", space: space).finding.level == expected)
    }

    @Test func aRealFolderHasRoom() throws {
        let files = FileSystem()
        #expect(try files.space(of: files.openFolder(path: "/tmp")).availableByteCount > 0)
    }
}
