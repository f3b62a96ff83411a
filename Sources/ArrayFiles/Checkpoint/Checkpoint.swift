import Files

/// A file of weights: safetensors, or PyTorch's zip and legacy files.
///
/// The container is recognised by its contents. The file is mapped, completely checked when it is opened, and
/// its values are converted on request. No code from the file runs, and memory use is at most proportional to
/// the file's size.
///
/// Replace a checkpoint by renaming a new file over it, not by writing into it. If a file is truncated while
/// it is open, the next read gives an error, but a truncation in the microseconds of a read ends the process
/// (SIGBUS).
package final class Checkpoint: Sendable {
    package enum Container: String, Sendable, CaseIterable {
        case safetensors
        /// The format of PyTorch since 1.6, and of Lightning.
        case torchZip
        /// The format of PyTorch before 1.6.
        case torchLegacy
    }

    package let path: Path
    package let container: Container
    /// The floating-point tensors, sorted by name; the names have no prefixes.
    package let tensors: [TensorDescription]
    /// The names of all other entries, such as counters, as in the file, sorted.
    package let ignored: [String]
    /// Decisions made while reading, for people: the dictionary chosen, prefixes removed, entries ignored.
    package let notes: [String]
    /// The text that a safetensors file has under `__metadata__`.
    package let metadata: [String: String]

    private let region: ByteRegion
    private let stored: [String: StoredTensor]

    /// Opens and checks a checkpoint.
    /// - Throws: `ArrayFileError` with the file and the problem, or `FileError`.
    package convenience init(path: Path) throws {
        try self.init(region: try ByteRegion(mapping: path))
    }

    /// Opens and checks a checkpoint in memory; `path` is for messages.
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

    /// Returns the values of a tensor, row-major, as float32. They are exact, except that float64 is rounded
    /// to nearest.
    /// - Throws: `ArrayFileError` if there is no such tensor, or the file was truncated since it was opened;
    ///   `FileError`.
    package func floats(named name: String) throws -> [Float] {
        guard let tensor = stored[name] else { throw ArrayFileError(path, .checkpoint(.noTensor(name))) }
        try region.checkIntact()
        // The values are a copy. The original's pages are released, or loading would hold all weights twice.
        defer { tensor.bytes.region.forget(tensor.bytes.range) }
        return tensor.floats()
    }
}
