import Files
import Images

/// Finds the originals of restored pictures by their names.
struct Originals {
    /// By the name under which each was delivered.
    private var byName: [Path: FoundPicture] = [:]
    /// The names without extension of all originals that are kept in mind: an archive may hold far more.
    private let wanted: Set<Path>
    private var counterparts = Counterparts([])

    /// - Parameter restored: the pictures whose originals are looked for.
    init(of restored: [FoundPicture]) {
        wanted = Set(
            restored.flatMap { picture in
                [picture.file, Self.withoutExtension(picture.file)].map { $0.replacingExtension(with: "") }
            })
    }

    /// Adds a picture. Of several with one name the one that was moved there last stays.
    mutating func add(_ picture: FoundPicture) {
        let name = Self.deliveredName(picture.file)
        guard wanted.contains(name.replacingExtension(with: "")) else { return }
        if let known = byName[name], known.status.changed >= picture.status.changed { return }
        byName[name] = picture
    }

    /// Must be called after the last picture was added.
    mutating func finish() {
        counterparts = Counterparts(Array(byName.keys))
    }

    /// The original of a restored picture: the one of the same name, or the only one that differs just in its
    /// extension, or the one whose whole name the restored picture's begins with (`a.jpg` of `a.jpg.png`).
    func original(of restored: Path) -> FoundPicture? {
        if let name = counterparts.counterpart(of: restored) { return byName[name] }
        return byName[Self.withoutExtension(restored)]
    }

    private static func withoutExtension(_ name: Path) -> Path {
        Path(bytes: Array(name.bytes.dropLast(name.lowercasedExtension.utf8.count + 1)))
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
