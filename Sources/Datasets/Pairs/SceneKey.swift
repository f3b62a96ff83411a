import Files

/// Distinguishes clean pictures by content, because a data set may contain one photograph under many names.
package struct SceneKey: Sendable, Hashable {
    private let byteCount: Int
    /// A hash of the contents, or of the path if no other file has this size.
    private let hash: UInt64

    /// Returns the keys of files, in order. Only files of equal size are read.
    static func keys(of paths: [Path]) throws(FileError) -> [SceneKey] {
        var sizes: [Int] = []
        for path in paths {
            sizes.append(try WholeFiles.status(path)?.byteCount ?? 0)
        }
        var occurrences: [Int: Int] = [:]
        for size in sizes {
            occurrences[size, default: 0] += 1
        }
        var keys: [SceneKey] = []
        for (path, size) in zip(paths, sizes) {
            let bytes = occurrences[size] == 1 ? path.bytes : try WholeFiles.read(path)
            keys.append(SceneKey(byteCount: size, hash: FNV.hash(bytes)))
        }
        return keys
    }
}
