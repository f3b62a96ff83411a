import Files

/// Returns the names that an output may have, best first: those that its worker wants, then one that no other
/// source shares. The last is needed if `a.jpg`, restored as PNG, meets the outputs of both `a.png` and
/// `a.jpg.png`.
package func outputNames(for source: RelativeName, names: [FileName]) -> [RelativeName] {
    let wanted = names.first ?? source.last
    // The last name is `stem~hash.ext`, with the hash of the whole source name.
    let hash = ByteText.hexadecimal(FNV.hash(source.bytes))
    let unique = marked(split(source.last).stem, hash, split(wanted).ending)
    return (names + [unique]).map { RelativeName(source.folder, $0) }
}

/// Returns the name that an output has if another user's output has the one that it should have: `a~1001.png`.
package func outputName(_ name: RelativeName, ofOwner owner: UInt32) -> RelativeName {
    let (stem, ending) = split(name.last)
    return RelativeName(name.folder, marked(stem, "\(owner)", ending))
}

/// Returns `stem~mark.ext`, with the stem shortened to the length that a name may have.
private func marked(_ stem: [UInt8], _ mark: String, _ ending: [UInt8]) -> FileName {
    let end = Array("~\(mark)".utf8) + ending
    let room = FileName.maximumByteCount - end.count
    guard let name = FileName(bytes: ByteText.prefix(stem, atMost: max(room, 0)) + end) else {
        preconditionFailure("an extension of more than 200 bytes")
    }
    return name
}

private func split(_ name: FileName) -> (stem: [UInt8], ending: [UInt8]) {
    let dot = name.bytes.lastIndex(of: UInt8(ascii: ".")).flatMap { $0 > 0 ? $0 : nil }
    let end = dot ?? name.bytes.endIndex
    return (Array(name.bytes[..<end]), Array(name.bytes[end...]))
}
