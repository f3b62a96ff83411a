import Files

/// A picture that a worker has to restore.
package struct Claim: Sendable {
    package let id: ClaimID
    package let name: RelativeName
    /// 1 for the first.
    package let attempt: Int
    package let fingerprint: Fingerprint
    private let file: Descriptor
    private let files: FileSystem
    private let limit: Int

    init(
        id: ClaimID, name: RelativeName, attempt: Int, file: ClaimedFile, files: FileSystem, limit: Int
    ) {
        self.id = id
        self.name = name
        self.attempt = attempt
        fingerprint = file.fingerprint
        self.file = file.file
        self.files = files
        self.limit = limit
    }

    package var byteCount: Int { Int(fingerprint.byteCount) }

    /// The whole file, read through the descriptor it was claimed by: what its name points to by now is no matter.
    ///
    /// - Throws: ``ClaimReadError``; `Outcome(_:)` makes an outcome of it.
    package func read() throws(ClaimReadError) -> [UInt8] {
        guard byteCount <= limit else { throw .tooLarge(byteCount: byteCount, limit: limit) }
        let bytes: [UInt8]
        let status: FileStatus
        do throws(FileError) {
            bytes = try files.read(file, limit: limit + 1)
            status = try files.status(of: file)
        } catch {
            throw .system(error)
        }
        guard status.fingerprint == fingerprint, bytes.count == byteCount else {
            throw .changed(name: name.description)
        }
        return bytes
    }
}

/// Why a claimed picture could not be read.
package enum ClaimReadError: Error, Equatable, Sendable, CustomStringConvertible {
    case tooLarge(byteCount: Int, limit: Int)
    /// Somebody writes to it still.
    case changed(name: String)
    case system(FileError)

    package var description: String {
        switch self {
        case .tooLarge(let byteCount, let limit):
            "the file has \(byteCount) bytes, more than the limit of \(limit): raise the limit or shrink the picture"
        case .changed(let name): "\(name) changed while it was read"
        case .system(let error): error.description
        }
    }
}

/// What a worker made of a claim.
package enum Outcome: Sendable {
    /// The output's bytes. Its name is the source's; `fileExtension` (without the dot) replaces the source's
    /// extension where the format is another. `logFields` stand in the log's line beside the picture's name.
    case restored([UInt8], fileExtension: String? = nil, logFields: [String: String] = [:])
    /// Retryable where another attempt may go better, such as for want of memory.
    case failed(FailureReason, retryable: Bool)
    /// The content ends too early: perhaps its writer has not finished.
    case truncated
    /// A fault that is not the picture's: intake pauses, and the attempt does not count.
    case environment(String)
    /// Not worked on; the attempt does not count.
    case returned

    /// The outcome of a claim that could not be read.
    package init(_ error: ClaimReadError) {
        switch error {
        case .tooLarge:
            self = .failed(FailureReason(code: "too-large", message: error.description), retryable: false)
        case .changed: self = .truncated
        case .system(let cause) where cause.errno == .inputOutput:
            // A bad sector is this picture's alone. A bad disk refuses the next rename as well, and that pauses.
            self = .failed(FailureReason(code: "unreadable", message: error.description), retryable: true)
        case .system: self = .environment(error.description)
        }
    }
}
