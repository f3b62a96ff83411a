import Files

/// Finds the clean picture of a degraded one by name.
///
/// In the challenge's data set `rain-1.png` belongs to `rain_clean-1.png`; in parallel folders both have the same
/// name, or differ only in the extension.
struct PairNames {
    private let counterparts: Counterparts

    /// - Parameter clean: the clean pictures, relative to their folder.
    init(clean: [Path]) {
        counterparts = Counterparts(clean)
    }

    /// Returns the clean picture of a degraded one, or nil if there is none or if several differ only in the
    /// extension.
    func clean(for degraded: Path) -> Path? {
        counterparts.counterpart(of: degraded)
            ?? Self.challengeName(for: degraded).flatMap(counterparts.counterpart)
    }

    /// Returns the expected name of a clean picture, for messages.
    static func expectedClean(for degraded: Path) -> Path {
        challengeName(for: degraded) ?? degraded
    }

    /// Maps `rain-1.png` to `rain_clean-1.png`; nil for names of another form.
    static func challengeName(for degraded: Path) -> Path? {
        let bytes = degraded.bytes
        guard let dash = bytes.lastIndex(of: UInt8(ascii: "-")), dash > 0 else { return nil }
        let number = bytes[(dash + 1)...].prefix { $0 != UInt8(ascii: ".") }
        guard !number.isEmpty, number.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Path(bytes: Array(bytes[..<dash]) + Array("_clean".utf8) + Array(bytes[dash...]))
    }
}
