import Files

/// What the spool notes on an output itself, in an extended attribute: the file as it was written, and whose picture it
/// was made of. A file without it, or that has changed or was copied since, is somebody else's.
struct OutputMark: Equatable, Sendable {
    static let attribute = "user.promptir-restored"

    let fingerprint: Fingerprint
    /// The number of the user whose picture was restored.
    let sourceOwner: UInt32

    init(fingerprint: Fingerprint, sourceOwner: UInt32) {
        self.fingerprint = fingerprint
        self.sourceOwner = sourceOwner
    }

    /// Reads a mark; nil if it is none, or one of another file.
    init?(_ bytes: [UInt8], of fingerprint: Fingerprint) {
        guard let end = bytes.lastIndex(of: Self.separator),
            bytes[..<end].elementsEqual(fingerprint.text.utf8),
            let owner = UInt32(String(decoding: bytes[(end + 1)...], as: UTF8.self))
        else { return nil }
        self.init(fingerprint: fingerprint, sourceOwner: owner)
    }

    private static let separator = UInt8(ascii: "/")

    var bytes: [UInt8] { Array(fingerprint.text.utf8) + [Self.separator] + Array("\(sourceOwner)".utf8) }
}

extension SpoolDisk {
    /// Marks an output that was just written. Filesystems that take no attributes leave it unmarked.
    func mark(_ output: Descriptor, sourceOwner: UInt32) {
        guard let status = try? files.status(of: output) else { return }
        let mark = OutputMark(fingerprint: status.fingerprint, sourceOwner: sourceOwner)
        try? files.setAttribute(OutputMark.attribute, of: output, to: mark.bytes)
    }

    /// The mark of a file in the outbox; nil if the spool did not write it, or if it has changed since.
    func mark(of name: FileName, in folder: Descriptor) -> OutputMark? {
        guard let file = try? files.openFile(name, in: folder), let status = try? files.status(of: file),
            let bytes = files.attribute(OutputMark.attribute, of: file)
        else { return nil }
        return OutputMark(bytes, of: status.fingerprint)
    }
}
