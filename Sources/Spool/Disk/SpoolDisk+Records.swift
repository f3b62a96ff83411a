import Files

/// Reads and writes records: small files in `records/` that are named by a hash of their subject and consist
/// of fields, each ended by a zero byte.
///
/// An output with its source's name needs no record. `o-…` names the source that owns another output; `d-…`
/// says by its fingerprint that a kept original has been restored; `c-…` that a picture was copied into the spool, with
/// its fingerprint and the copy's inode.
extension SpoolDisk {
    /// The source that owns an output's name.
    func owner(of output: RelativeName) throws(FileError) -> RelativeName {
        let fields = try readRecord("o", output)
        guard fields.count == 1, let owner = RelativeName(bytes: fields[0]) else { return output }
        return owner
    }

    /// Makes a source the owner of a name before its output appears there.
    func own(_ output: RelativeName, by source: RelativeName) throws(FileError) {
        guard try owner(of: output) != source else { return }
        if output == source {
            let records = try openFolder([SpoolLayout.records])
            try files.remove(recordName("o", output), in: records)
            try files.syncFolder(records)
        } else {
            try writeRecord("o", output, [source.bytes])
        }
    }

    func isDone(_ source: RelativeName, _ fingerprint: Fingerprint) throws(FileError) -> Bool {
        try readRecord("d", source) == [Array(fingerprint.text.utf8)]
    }

    func recordDone(_ source: RelativeName, _ fingerprint: Fingerprint) throws(FileError) {
        try writeRecord("d", source, [Array(fingerprint.text.utf8)])
    }

    /// Whether this content of a picture, which had to stay in the inbox, was copied into the spool.
    func isCopied(_ source: RelativeName, _ fingerprint: Fingerprint) throws(FileError) -> Bool {
        try readRecord("c", source).first == Array(fingerprint.text.utf8)
    }

    /// The inode of the copy that was made of a picture; nil if none was.
    func copyInode(of source: RelativeName) throws(FileError) -> UInt64? {
        let fields = try readRecord("c", source)
        return fields.count == 2 ? UInt64(String(decoding: fields[1], as: UTF8.self)) : nil
    }

    func recordCopy(_ source: RelativeName, _ fingerprint: Fingerprint, inode: UInt64) throws(FileError) {
        try writeRecord("c", source, [Array(fingerprint.text.utf8), Array("\(inode)".utf8)])
    }

    func forgetCopy(_ source: RelativeName) throws(FileError) {
        let records = try openFolder([SpoolLayout.records])
        try files.remove(recordName("c", source), in: records)
        try files.syncFolder(records)
    }

    private func recordName(_ kind: String, _ subject: RelativeName) -> FileName {
        let first = FNV.hash(subject.bytes)
        let second = FNV.hash(subject.bytes, after: 0x9E37_79B9_7F4A_7C15)
        guard let name = FileName("\(kind)-\(ByteText.hexadecimal(first))\(ByteText.hexadecimal(second))")
        else {
            preconditionFailure("a record's name is short")
        }
        return name
    }

    private func writeRecord(_ kind: String, _ subject: RelativeName, _ fields: [[UInt8]]) throws(FileError) {
        let zero: [UInt8] = [0]
        let bytes = Array(([subject.bytes] + fields).map { $0 + zero }.joined())
        try writeDurably(bytes, to: recordName(kind, subject), in: openFolder([SpoolLayout.records]))
    }

    /// The subject of a record; nil if the file is not a record.
    func readRecord(
        _ name: FileName, in records: Descriptor
    ) throws(FileError) -> (source: RelativeName, output: RelativeName?)? {
        let fields = try files.read(files.openFile(name, in: records), limit: 16 << 10)
            .split(separator: 0).map { RelativeName(bytes: Array($0)) }
        guard let subject = fields.first.flatMap(\.self) else { return nil }
        if name.bytes.starts(with: "c-".utf8), fields.count == 3 { return (subject, nil) }
        guard fields.count == 2 else { return nil }
        if name.bytes.starts(with: "d-".utf8) { return (subject, nil) }
        guard name.bytes.starts(with: "o-".utf8), let owner = fields[1] else { return nil }
        return (owner, subject)
    }

    /// The fields after the subject; empty if there is no record of this subject.
    private func readRecord(_ kind: String, _ subject: RelativeName) throws(FileError) -> [[UInt8]] {
        let records = try openFolder([SpoolLayout.records])
        let file: Descriptor
        do throws(FileError) {
            file = try files.openFile(recordName(kind, subject), in: records)
        } catch {
            if error.errno == .noEntry { return [] }
            throw error
        }
        let fields = try files.read(file, limit: 16 << 10).split(separator: 0).map { Array($0) }
        return fields.first == subject.bytes ? Array(fields.dropFirst()) : []
    }
}
