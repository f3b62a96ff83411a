import Files

/// The names an output may take, best first.
///
/// The second and third exist for the day when `a.jpg`, restored as PNG, meets the output of `a.png`.
package func outputNames(for source: RelativeName, fileExtension: String?) -> [RelativeName] {
    guard let fileExtension else {
        return [source, fallback(source, ending: [])]
    }
    let dot = UInt8(ascii: ".")
    let ending = [dot] + Array(fileExtension.utf8)
    let original = source.last.bytes
    let stem = original.lastIndex(of: dot).flatMap { $0 > 0 ? original[..<$0] : nil } ?? original[...]
    let plain = FileName(bytes: stem + ending)
    let full = FileName(bytes: original + ending)
    return [plain, full].compactMap { $0.map { RelativeName(source.folder, $0) } }
        + [fallback(source, ending: ending)]
}

/// `stem~hash.ext`: the hash is of the whole source name, so that no two sources share it.
private func fallback(_ source: RelativeName, ending: [UInt8]) -> RelativeName {
    let dot = UInt8(ascii: ".")
    let original = source.last.bytes
    let split = original.lastIndex(of: dot).flatMap { $0 > 0 ? $0 : nil } ?? original.endIndex
    let ending = ending.isEmpty ? Array(original[split...]) : ending
    let mark = Array("~\(ByteText.hexadecimal(FNV.hash(source.bytes)))".utf8)
    let room = FileName.maximumByteCount - mark.count - ending.count
    guard let name = FileName(bytes: ByteText.prefix(Array(original[..<split]), atMost: room) + mark + ending)
    else {
        preconditionFailure("an extension of more than 200 bytes")
    }
    return RelativeName(source.folder, name)
}
