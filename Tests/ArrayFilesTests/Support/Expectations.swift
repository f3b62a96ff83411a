import ArrayFiles
import Files
import Testing

/// Insists on one error, and on the file's path in it.
func expectProblem(
    _ problem: ArrayFileError.Problem, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (_ path: Path) throws -> Void
) {
    let path: Path = "/some/file"
    let error = #expect(throws: ArrayFileError.self, sourceLocation: sourceLocation) { try body(path) }
    #expect(error?.problem == problem, sourceLocation: sourceLocation)
    #expect(error?.path == path, sourceLocation: sourceLocation)
    #expect(error.map { "\($0)".hasPrefix("\(path): ") } == true, sourceLocation: sourceLocation)
}

/// The same for a checkpoint of these bytes.
func expectCheckpointProblem(
    _ problem: ArrayFileError.Problem, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
) {
    expectProblem(problem, sourceLocation: sourceLocation) { _ = try Checkpoint(bytes: bytes, path: $0) }
}
