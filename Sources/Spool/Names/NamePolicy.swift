import Files

/// Decides which names in the inbox are pictures to restore.
package enum NamePolicy {
    package enum Judgement: Equatable, Sendable {
        /// A file that is still being written under another name, hidden, or a desktop's own. It is ignored
        /// without a message.
        case temporary
        case picture
        /// Any other file. It stays in the inbox and is reported once.
        case other
    }

    static let pictureEndings = PictureExtensions.all.map { Array(".\($0)".utf8) }

    package static func judge(_ name: FileName) -> Judgement {
        if isTemporary(name) { return .temporary }
        return pictureEndings.contains { TemporaryNames.hasEnding(name.bytes, $0) } ? .picture : .other
    }

    /// Whether a name is temporary. The rule also holds for folders: `batch.part` is ignored until it is
    /// renamed.
    package static func isTemporary(_ name: FileName) -> Bool { TemporaryNames.contains(name.bytes) }
}
