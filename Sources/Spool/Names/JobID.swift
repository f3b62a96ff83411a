import Files

/// Returns the identifier of a picture in the spool. It is the same for all attempts and processes, and
/// differs if the name is delivered again with other content.
func jobID(_ name: RelativeName, _ fingerprint: Fingerprint) -> String {
    ByteText.hexadecimal(FNV.hash(name.bytes + Array("/\(fingerprint.text)".utf8)))
}

extension Fingerprint {
    /// The fingerprint as text for records and hashes. This format must never change.
    var text: String {
        "\(byteCount) \(modified.components.seconds) \(modified.nanosecondPart) \(inode)"
    }
}
