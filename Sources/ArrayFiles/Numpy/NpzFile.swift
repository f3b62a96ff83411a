import Files

/// An `.npz` file: a zip of `.npy` files, stored or deflated. Its directory is read when the file is opened.
/// An array is read on request, and its checksum is verified.
package struct NpzFile: Sendable {
    /// The arrays' names without `.npy`, in the file's order.
    package let names: [String]

    private let archive: ZipArchive
    private let path: Path

    /// Opens an `.npz` file.
    /// - Throws: `ArrayFileError` or `FileError`.
    package init(path: Path) throws {
        try self.init(try ByteRegion(mapping: path).view)
    }

    /// Opens an `.npz` file in memory; `path` is for messages.
    package init(bytes: [UInt8], path: Path) throws(ArrayFileError) {
        try self.init(try ByteRegion(copying: bytes, path: path).view)
    }

    private init(_ file: ByteView) throws(ArrayFileError) {
        archive = try ZipArchive(file)
        path = file.path
        names = archive.entries.map(\.name).filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) }
    }

    /// Reads one array.
    /// - Throws: `ArrayFileError` if there is no array of that name, or it is damaged; `FileError`.
    package func array(named name: String) throws -> NpyArray {
        guard let entry = archive[name + ".npy"] else { throw ArrayFileError(path, .numpy(.noArray(name))) }
        try entry.data.region.checkIntact()
        return try NpyArray(try archive.contents(of: entry))
    }
}
