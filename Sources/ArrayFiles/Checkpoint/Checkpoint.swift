import Files

/// A file of weights, whatever trained them: safetensors, or PyTorch's zip and legacy files.
///
/// The container is recognised by its contents. The file is mapped, everything in it is checked when it is opened, and
/// values are converted when they are asked for. No code from the file runs, and memory stays within a constant times
/// the file's size.
///
/// Replace a checkpoint by renaming a new file over it, not by writing into it: a file that is cut while it is
/// open gives an error at the next read, but cut in the very microseconds of a read it ends the process (SIGBUS).
package final class Checkpoint: Sendable {
    package enum Container: String, Sendable, CaseIterable {
        case safetensors
        /// PyTorch since 1.6, Lightning.
        case torchZip
        /// PyTorch before 1.6.
        case torchLegacy
    }

    package let path: Path
    package let container: Container
    /// Sorted by name; names without prefixes. Only floating point tensors.
    package let tensors: [TensorDescription]
    /// Entries that are no floating point tensors, such as counters; as the file names them, sorted.
    package let ignored: [String]
    /// What was decided on the way, for people: the dictionary taken, the prefixes removed, entries ignored.
    package let notes: [String]
    /// Text that a safetensors file carries under `__metadata__`.
    package let metadata: [String: String]

    private let region: ByteRegion
    private let stored: [String: StoredTensor]

    /// Opens and checks a checkpoint.
    /// - Throws: `ArrayFileError` naming the file and what is wrong with it, or `FileError`.
    package convenience init(path: Path) throws {
        try self.init(region: try ByteRegion(mapping: path))
    }

    /// The same for a file in memory; `path` is for messages.
    package convenience init(bytes: [UInt8], path: Path) throws(ArrayFileError) {
        try self.init(region: try ByteRegion(copying: bytes, path: path))
    }

    private init(region: ByteRegion) throws(ArrayFileError) {
        let contents = try CheckpointContents(region.view)
        var stored: [String: StoredTensor] = [:]
        var prefixes: [String: Int] = [:]
        for tensor in contents.tensors {
            let (prefix, name) = NamePrefixes.split(tensor.name)
            if let other = stored.updateValue(tensor, forKey: String(name)) {
                throw ArrayFileError(region.path, .checkpoint(.duplicateName(other.name, tensor.name)))
            }
            if !prefix.isEmpty { prefixes[prefix, default: 0] += 1 }
        }
        guard !stored.isEmpty else { throw ArrayFileError(region.path, .checkpoint(.noWeights(found: []))) }

        var notes = contents.notes
        for (prefix, count) in prefixes.sorted(by: { $0.key < $1.key }) {
            notes.append("prefix \(prefix) removed from \(count) of \(stored.count) names")
        }
        if !contents.ignored.isEmpty {
            notes.append("\(contents.ignored.count) entries without floating point numbers ignored")
        }
        path = region.path
        container = contents.container
        tensors = stored.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap { name in
            stored[name].map { TensorDescription(name: name, shape: $0.shape, elementType: $0.elementType) }
        }
        ignored = contents.ignored.sorted()
        metadata = contents.metadata
        self.notes = notes
        self.region = region
        self.stored = stored
    }

    /// The values of a tensor, row-major, as float32: exact, but for float64, which is rounded to nearest.
    /// - Throws: `ArrayFileError` if there is no such tensor, or the file was cut since it was opened; `FileError`.
    package func floats(named name: String) throws -> [Float] {
        guard let tensor = stored[name] else { throw ArrayFileError(path, .checkpoint(.noTensor(name))) }
        try region.checkIntact()
        // A copy is made: the original's pages need not stay, or loading would hold all weights twice.
        defer { tensor.bytes.region.forget(tensor.bytes.range) }
        return tensor.floats()
    }
}
