import Files

/// The stable id of a picture's way through the spool: the same for all attempts and all runs, another for another
/// content of the same name.
func jobID(_ name: RelativeName, _ fingerprint: Fingerprint) -> String {
    let (seconds, attoseconds) = fingerprint.modified.components
    let content = "/\(fingerprint.byteCount) \(seconds) \(attoseconds / 1_000_000_000) \(fingerprint.inode)"
    return ByteText.hexadecimal(FNV.hash(name.bytes + Array(content.utf8)))
}
