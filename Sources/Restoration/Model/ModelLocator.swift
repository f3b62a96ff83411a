import Files

/// Finds the weights that ship with the program.
///
/// The places are tried in this order, and an error lists them all:
/// 1. the requested path, and then no other;
/// 2. beside the program, where the build leaves them;
/// 3. `PREFIX/share/promptir-restored/`, for a program in `PREFIX/bin`, `sbin` or `libexec`;
/// 4. `/usr/local/share/promptir-restored/` and `/usr/share/promptir-restored/`.
package enum ModelLocator {
    /// The default model's file name.
    package static let fileName = "compact.safetensors"

    /// - Parameter requested: a path given by the user, or nil for the default model.
    package static func locate(_ requested: Path? = nil) throws(ModelError) -> Path {
        try locate(requested, executable: FileSystem().target(ofLink: "/proc/self/exe"))
    }

    package static func locate(_ requested: Path?, executable: Path?) throws(ModelError) -> Path {
        if let requested {
            do throws(FileError) {
                return try checked(requested)
            } catch {
                throw .unreadable(error)
            }
        }
        let places = candidates(executable: executable)
        for place in places {
            // A default place that cannot be read is skipped, because the next one may work.
            if let found = try? checked(place) {
                return found
            }
        }
        throw .notFound(places)
    }

    /// Returns the path if a file is there.
    private static func checked(_ path: Path) throws(FileError) -> Path {
        guard let status = try WholeFiles.status(path) else { throw FileError(.openFile, path, .noEntry) }
        guard status.isRegularFile else {
            throw FileError(.openFile, path, status.isFolder ? .isAFolder : .notRegular)
        }
        return path
    }

    package static func candidates(executable: Path?) -> [Path] {
        var folders: [Path] = []
        if let executable {
            let folder = executable.folder
            // This is SwiftPM's name for the target's resources. `Bundle.module` would trap if they are
            // missing.
            folders.append(folder.appending("promptir-restored_Restoration.resources"))
            folders.append(folder.folder.appending("share/promptir-restored"))
        }
        for folder: Path in ["/usr/local/share/promptir-restored", "/usr/share/promptir-restored"]
        where !folders.contains(folder) {
            folders.append(folder)
        }
        return folders.map { $0.appending(Path(fileName)) }
    }
}
