import Files
import Images
import Weather

/// The paths of the files in the challenge's data set.
struct ChallengeLayout {
    let degraded: Path
    let clean: Path

    init(root: Path) {
        let train = root.appending("train")
        degraded = train.appending("degraded")
        clean = train.appending("clean")
    }

    func degradedPath(_ kind: WeatherKind, _ number: Int) -> Path {
        degraded.appending(Path("\(kind.rawValue)-\(number).png"))
    }

    func cleanPath(_ kind: WeatherKind, _ number: Int) -> Path {
        clean.appending(Path("\(kind.rawValue)_clean-\(number).png"))
    }

    /// Removes every file that is named like a picture of a pair, and nothing else.
    func removePairs() throws(FileError) {
        for (folder, suffix) in [(degraded, "-"), (clean, "_clean-")] {
            guard try WholeFiles.status(folder)?.isFolder == true else { continue }
            for name in try WholeFiles.regularFiles(below: folder) where Self.isPicture(name, suffix: suffix)
            {
                try WholeFiles.remove(folder.appending(name))
            }
        }
    }

    private static func isPicture(_ name: Path, suffix: String) -> Bool {
        guard let text = name.text, text.hasSuffix(".png") else { return false }
        return WeatherKind.allCases.contains { kind in
            let prefix = kind.rawValue + suffix
            let number = text.dropFirst(prefix.count).dropLast(4)
            return text.hasPrefix(prefix) && !number.isEmpty && number.allSatisfy { ("0"..."9").contains($0) }
        }
    }
}
