import Files

/// Returns the names that an output may have, best first: those that its worker wants, then one that no other
/// source shares. The last is needed if `a.jpg`, restored as PNG, meets the outputs of both `a.png` and
/// `a.jpg.png`.
package func outputNames(for source: RelativeName, names: [FileName]) -> [RelativeName] {
    let dot = UInt8(ascii: ".")
    func split(_ name: FileName) -> Int {
        name.bytes.lastIndex(of: dot).flatMap { $0 > 0 ? $0 : nil } ?? name.bytes.endIndex
    }
    let wanted = names.first ?? source.last
    let ending = wanted.bytes[split(wanted)...]
    // The last name is `stem~hash.ext`, with the hash of the whole source name.
    let mark = Array("~\(ByteText.hexadecimal(FNV.hash(source.bytes)))".utf8)
    let room = FileName.maximumByteCount - mark.count - ending.count
    let stem = Array(source.last.bytes[..<split(source.last)])
    guard let unique = FileName(bytes: ByteText.prefix(stem, atMost: max(room, 0)) + mark + ending) else {
        preconditionFailure("an extension of more than 200 bytes")
    }
    return (names + [unique]).map { RelativeName(source.folder, $0) }
}
