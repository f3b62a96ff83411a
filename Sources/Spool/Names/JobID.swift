import Files

/// The stable id of a picture's way through the spool: the same for all attempts and all runs, another for another
/// content of the same name.
func jobID(_ name: RelativeName, _ fingerprint: Fingerprint) -> String {
    ByteText.hexadecimal(FNV.hash(name.bytes + Array("/\(fingerprint.text)".utf8)))
}

extension Fingerprint {
    /// For records and hashes; never to be changed.
    var text: String {
        "\(byteCount) \(modified.components.seconds) \(modified.nanosecondPart) \(inode)"
    }
}
