import Files

/// Reads and writes records: small files in `records/` that are named by a hash of their subject and consist
/// of fields, each ended by a zero byte.
///
/// An output with its source's name needs no record. `o-…` names the source that owns another output; `d-…`
/// says by its fingerprint that a kept original has been restored.
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
        guard let subject = fields.first.flatMap(\.self), fields.count == 2 else { return nil }
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
