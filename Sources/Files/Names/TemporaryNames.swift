/// The names of files that are not finished and of folders that are not searched: hidden names, and those
/// that browsers, rsync, scanners and desktops use for their own purposes.
package enum TemporaryNames {
    private static let endings = [".part", ".partial", ".tmp", ".crdownload", ".filepart", "~"].map {
        Array($0.utf8)
    }
    private static let systemNames = ["thumbs.db", "desktop.ini"].map { Array($0.utf8) }

    /// - Parameter name: one name, not a path. An empty name counts as temporary.
    package static func contains(_ name: [UInt8]) -> Bool {
        guard let first = name.first, first != UInt8(ascii: ".") else { return true }
        return endings.contains { hasEnding(name, $0) }
            || systemNames.contains { $0.count == name.count && hasEnding(name, $0) }
    }

    /// Whether the name has the ending, ignoring the case of ASCII letters.
    ///
    /// - Parameter ending: in lower case.
    package static func hasEnding(_ name: [UInt8], _ ending: [UInt8]) -> Bool {
        name.suffix(ending.count).map(lowercased).elementsEqual(ending)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    }
}
