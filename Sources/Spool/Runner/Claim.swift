import Files

/// A picture that a worker must restore.
package struct Claim: Sendable {
    package let id: ClaimID
    package let name: RelativeName
    /// The number of the attempt, counted from 1.
    package let attempt: Int
    package let fingerprint: Fingerprint
    private let file: Descriptor
    fileprivate let disk: SpoolDisk

    init(id: ClaimID, name: RelativeName, attempt: Int, file: ClaimedFile, disk: SpoolDisk) {
        self.id = id
        self.name = name
        self.attempt = attempt
        fingerprint = file.fingerprint
        self.file = file.file
        self.disk = disk
    }

    package var byteCount: Int { Int(fingerprint.byteCount) }

    /// Reads the whole file, with the size that it had when it was claimed, through the descriptor by which it was
    /// claimed, whatever its name refers to now.
    ///
    /// - Throws: ``ClaimReadError``, which `Outcome(_:)` turns into an outcome.
    package func read() throws(ClaimReadError) -> [UInt8] {
        let limit = disk.options.maximumInputByteCount
        guard byteCount <= limit else { throw .tooLarge(byteCount: byteCount, limit: limit) }
        let bytes: [UInt8]
        let status: FileStatus
        do throws(FileError) {
            // One byte more shows whether the file grows. A writer may still have it open, so no more is read.
            bytes = try disk.files.read(file, at: 0, byteCount: byteCount + 1)
            status = try disk.files.status(of: file)
        } catch {
            throw .system(error)
        }
        guard status.fingerprint == fingerprint, bytes.count == byteCount else {
            throw .changed(name: name.description)
        }
        return bytes
    }

    /// Reads a part of the file with pread(2), such as its head before there is memory for the rest.
    package func read(at offset: Int, byteCount: Int) throws(ClaimReadError) -> [UInt8] {
        do throws(FileError) {
            return try disk.files.read(file, at: offset, byteCount: byteCount)
        } catch {
            throw .system(error)
        }
    }

    /// Writes an output completely and durably under a temporary name in the outbox.
    ///
    /// - Parameters:
    ///   - names: the names that the output may have, best first; by default its source's name.
    ///   - logFields: additional fields for the log.
    /// - Returns: the outcome to complete the claim with. After the spool has been released, nothing is
    ///   written, because another process may already have cleaned the outbox.
    package func stage(
        _ output: [UInt8], names: [FileName] = [], logFields: [String: String] = [:]
    ) -> Outcome {
        guard !disk.isReleased else { return .returned }
        do throws(FileError) {
            return .restored(
                try disk.stage(
                    output, names: names.isEmpty ? [name.last] : names,
                    sourceOwner: try? disk.files.status(of: file).owner, logFields: logFields))
        } catch {
            return .environment(error.description, byteCount: output.count)
        }
    }
}

extension Claim {
    /// Discards what was staged for a claim that has ended.
    func discard(_ outcome: Outcome) { disk.discard(outcome) }
}

/// Why a claimed picture could not be read.
package enum ClaimReadError: Error, Equatable, Sendable, CustomStringConvertible {
    case tooLarge(byteCount: Int, limit: Int)
    /// A process still writes to the file.
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
