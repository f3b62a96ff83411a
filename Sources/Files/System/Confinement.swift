/// What keeps this process, and not the others, from a path: mounts in its own view of the filesystem, as systemd makes
/// them for a unit. They last as long as the process, so waiting does not help.
package enum Confinement: Equatable, Sendable {
    /// The mount is read-only although its filesystem is not (`ProtectSystem=`, `ReadOnlyPaths=`).
    case readOnly
    /// An empty folder that nobody may enter covers it (`ProtectHome=`, `InaccessiblePaths=`).
    case hidden

    /// Returns what confines a path, whether or not something is there; nil if nothing does, or if that is not known.
    ///
    /// - Parameter root: is prepended to the path of /proc, so that tests can use a tree of their own.
    package static func of(_ path: Path, root: Path = "/") -> Confinement? {
        guard let table = try? WholeFiles.read(root.appending("proc/self/mountinfo")) else { return nil }
        let path = resolved(path)
        var nearest: Entry?
        for line in table.split(separator: UInt8(ascii: "\n")) {
            guard let entry = Entry(line), path.relative(to: entry.point) != nil else { continue }
            // Of several mounts at one point, the last is the one that is seen.
            if entry.point.bytes.count >= nearest?.point.bytes.count ?? 0 { nearest = entry }
        }
        return nearest?.confinement
    }

    /// Whether a path lies below one of the folders that `ProtectHome=` hides; see systemd.exec(5).
    package static func isInHome(_ path: Path) -> Bool {
        ["/home", "/root", "/run/user"].contains { path.relative(to: $0) != nil }
    }

    /// What to do about it in the unit.
    ///
    /// - Parameter folder: the folder that the service is to write into.
    package func advice(allowing folder: Path) -> String {
        let cause =
            switch self {
            case .readOnly: "it is read-only for this process alone, as ProtectSystem= in the unit makes it"
            case .hidden: "it is hidden from this process alone, as ProtectHome= in the unit hides it"
            }
        return
            "\(cause): make the folder, allow it with \(Self.dropIn(allowing: folder, isHidden: self == .hidden)), "
            + "and restart the service"
    }

    /// The command for a drop-in that lets the service write into a folder, with the settings to write there.
    ///
    /// - Parameter isHidden: whether `ProtectHome=` hides the folder.
    package static func dropIn(allowing folder: Path, isHidden: Bool) -> String {
        "`systemctl edit promptir-restored`, section [Service], \(isHidden ? "ProtectHome=no and " : "")"
            + "ReadWritePaths=\(folder)"
    }

    /// The real path of what exists, with the rest as it is given.
    private static func resolved(_ path: Path) -> Path {
        var (folder, rest) = (path.withoutTrailingSlashes, [Path]())
        while folder.folder != folder {
            if let real = FileSystem().realPath(folder) {
                return rest.reversed().reduce(real) { $0.appending($1) }
            }
            rest.append(folder.name)
            folder = folder.folder
        }
        return path
    }

    /// A line of /proc/self/mountinfo; see proc_pid_mountinfo(5).
    private struct Entry {
        let point: Path
        private let root: Path
        private let isReadOnly: Bool
        private let isFilesystemReadOnly: Bool

        init?(_ line: ArraySlice<UInt8>) {
            let fields = line.split(separator: UInt8(ascii: " "))
            guard fields.count >= 10 else { return nil }
            root = Self.unescaped(fields[3])
            point = Self.unescaped(fields[4])
            isReadOnly = Self.isReadOnly(fields[5])
            isFilesystemReadOnly = fields.last.map(Self.isReadOnly) ?? true
        }

        var confinement: Confinement? {
            if root.names.suffix(3) == ["systemd", "inaccessible", "dir"] { return .hidden }
            return isReadOnly && !isFilesystemReadOnly ? .readOnly : nil
        }

        private static func isReadOnly(_ options: ArraySlice<UInt8>) -> Bool {
            options.split(separator: UInt8(ascii: ",")).contains { $0.elementsEqual("ro".utf8) }
        }

        /// Spaces, tabs, line feeds and backslashes are written as three octal digits.
        private static func unescaped(_ field: ArraySlice<UInt8>) -> Path {
            var bytes: [UInt8] = []
            var rest = field
            while let byte = rest.popFirst() {
                let digits = rest.prefix(3)
                if byte == UInt8(ascii: "\\"), digits.count == 3,
                    let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
                {
                    bytes.append(value)
                    rest = rest.dropFirst(3)
                } else {
                    bytes.append(byte)
                }
            }
            return Path(bytes: bytes)
        }
    }
}
