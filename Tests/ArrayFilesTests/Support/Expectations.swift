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

/// A generator that gives the same numbers for the same seed, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
