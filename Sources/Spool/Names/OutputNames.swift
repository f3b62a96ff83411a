import Files

/// The names an output may take, best first: those that its worker wants, and one that no other source shares, for the
/// day when `a.jpg`, restored as PNG, meets the outputs of `a.png` and `a.jpg.png`.
package func outputNames(for source: RelativeName, names: [FileName]) -> [RelativeName] {
    let dot = UInt8(ascii: ".")
    func split(_ name: FileName) -> Int {
        name.bytes.lastIndex(of: dot).flatMap { $0 > 0 ? $0 : nil } ?? name.bytes.endIndex
    }
    let wanted = names.first ?? source.last
    let ending = wanted.bytes[split(wanted)...]
    // `stem~hash.ext`: the hash is of the whole source name.
    let mark = Array("~\(ByteText.hexadecimal(FNV.hash(source.bytes)))".utf8)
    let room = FileName.maximumByteCount - mark.count - ending.count
    let stem = Array(source.last.bytes[..<split(source.last)])
    guard let unique = FileName(bytes: ByteText.prefix(stem, atMost: max(room, 0)) + mark + ending) else {
        preconditionFailure("an extension of more than 200 bytes")
    }
    return (names + [unique]).map { RelativeName(source.folder, $0) }
}
