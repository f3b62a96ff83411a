import Files

/// Which names in the inbox are pictures to take.
package enum NamePolicy {
    package enum Judgement: Equatable, Sendable {
        /// Still being written under another name, or nobody's picture: passed over in silence.
        case temporary
        case picture
        /// Left where it is and reported once: the spool does not move what it was not asked to restore.
        case other
    }

    static let pictureEndings = PictureExtensions.all.map { Array(".\($0)".utf8) }

    package static func judge(_ name: FileName) -> Judgement {
        if isTemporary(name) { return .temporary }
        return pictureEndings.contains { TemporaryNames.hasEnding(name.bytes, $0) } ? .picture : .other
    }

    /// Folders are judged by this as well: `batch.part` is left alone until it is renamed.
    package static func isTemporary(_ name: FileName) -> Bool { TemporaryNames.contains(name.bytes) }
}
