import Files
import Images

/// Finds the originals of restored pictures by their names.
struct Originals {
    /// By the name under which each was delivered.
    private var byName: [Path: FoundPicture] = [:]
    private var counterparts = Counterparts([])

    /// Adds the pictures of a folder. Of several with one name the one that was moved there last stays.
    mutating func add(_ pictures: [FoundPicture]) {
        for picture in pictures {
            let name = Self.deliveredName(picture.file)
            if let known = byName[name], known.status.changed >= picture.status.changed { continue }
            byName[name] = picture
        }
        counterparts = Counterparts(Array(byName.keys))
    }

    /// The original of a restored picture: the one of the same name, or the only one that differs just in its
    /// extension, or the one whose whole name the restored picture's begins with (`a.jpg` of `a.jpg.png`).
    func original(of restored: Path) -> FoundPicture? {
        if let name = counterparts.counterpart(of: restored) { return byName[name] }
        let suffix = restored.lowercasedExtension.utf8.count + 1
        return byName[Path(bytes: Array(restored.bytes.dropLast(suffix)))]
    }

    /// The name of an archived or failed picture without the folders that the spool makes for a name that was
    /// delivered again: `again-2026-11-25/231502-0123456789abcdef/`.
    static func deliveredName(_ file: Path) -> Path {
        let names = file.names
        guard names.count > 2, let day = names[0].text, let moment = names[1].text,
            day.wholeMatch(of: /again-[0-9]{4,}-[0-9]{2}-[0-9]{2}/) != nil,
            moment.wholeMatch(of: /[0-9]{6}-[0-9a-f]{16}(-[23])?/) != nil
        else { return file }
        return names.dropFirst(2).reduce(Path(bytes: [])) { $0.appending($1) }
    }
}
