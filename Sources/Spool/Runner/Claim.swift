import Files

/// A picture that a worker has to restore.
package struct Claim: Sendable {
    package let id: ClaimID
    package let name: RelativeName
    /// 1 for the first.
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

    /// The whole file, read through the descriptor it was claimed by: what its name points to by now is no matter.
    ///
    /// - Throws: ``ClaimReadError``; `Outcome(_:)` makes an outcome of it.
    package func read() throws(ClaimReadError) -> [UInt8] {
        let limit = disk.options.maximumInputByteCount
        guard byteCount <= limit else { throw .tooLarge(byteCount: byteCount, limit: limit) }
        let bytes: [UInt8]
        let status: FileStatus
        do throws(FileError) {
            bytes = try disk.files.read(file, limit: limit + 1)
            status = try disk.files.status(of: file)
        } catch {
            throw .system(error)
        }
        guard status.fingerprint == fingerprint, bytes.count == byteCount else {
            throw .changed(name: name.description)
        }
        return bytes
    }

    /// Writes an output under a temporary name in the outbox, whole and durable.
    ///
    /// - Parameters:
    ///   - names: what the output may be called, best first; by default as its source is.
    ///   - logFields: what the log says of the result beside the picture's name.
    /// - Returns: the outcome to complete the claim with. An output that comes after the spool was given back is not
    ///   written: another process may have swept the outbox by then.
    package func stage(
        _ output: [UInt8], names: [FileName] = [], logFields: [String: String] = [:]
    ) -> Outcome {
        guard !disk.isReleased else { return .returned }
        do throws(FileError) {
            return .restored(
                try disk.stage(output, names: names.isEmpty ? [name.last] : names, logFields: logFields))
        } catch {
            return .environment(error.description, byteCount: output.count)
        }
    }
}

extension Claim {
    /// Throws away what was staged for a claim that nobody waits for any more.
    func discard(_ outcome: Outcome) { disk.discard(outcome) }
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
