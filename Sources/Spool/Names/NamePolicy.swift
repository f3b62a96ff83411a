/// Which names in the inbox are pictures to take.
package enum NamePolicy {
    package enum Judgement: Equatable, Sendable {
        /// Still being written under another name, or nobody's picture: passed over in silence.
        case temporary
        case picture
        /// Left where it is and reported once: the spool does not move what it was not asked to restore.
        case other
    }

    private static let temporaryEndings = [".part", ".partial", ".tmp", ".crdownload", ".filepart", "~"]
    private static let systemNames = ["thumbs.db", "desktop.ini", ".ds_store"]
    private static let pictureEndings = [".png", ".jpg", ".jpeg", ".jpe", ".jfif"]

    package static func judge(_ name: FileName) -> Judgement {
        if isTemporary(name) { return .temporary }
        return pictureEndings.contains { hasEnding(name, $0) } ? .picture : .other
    }

    /// Hidden, or named as browsers, rsync, scanners and file managers name what is not finished.
    /// Folders are judged by this as well: `batch.part` is left alone until it is renamed.
    package static func isTemporary(_ name: FileName) -> Bool {
        name.bytes[0] == UInt8(ascii: ".") || temporaryEndings.contains { hasEnding(name, $0) }
            || systemNames.contains { $0.utf8.count == name.bytes.count && hasEnding(name, $0) }
    }

    /// Whether the name ends so, whatever the case of its ASCII letters.
    private static func hasEnding(_ name: FileName, _ ending: String) -> Bool {
        name.bytes.suffix(ending.utf8.count).map(lowercased).elementsEqual(ending.utf8)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    }
}
