import ArrayFiles
import Files

extension PredictionBundle {
    /// Joins bundles of different pictures, such as those of shards, into one. The result has the same bytes
    /// as the bundle of one run over all pictures. One array is in memory at a time.
    ///
    /// - Parameters:
    ///   - parts: npz files of uint8 arrays (3, H, W), in any order.
    ///   - bundle: the path of the npz file; may be one of the parts.
    ///   - submission: the path of the zip file that contains the bundle; nil for none.
    /// - Returns: the number of arrays.
    /// - Throws: `PredictionBundleError`, `ArrayFileError` or `FileError`; existing files then stay
    ///   unchanged.
    package static func merge(
        _ parts: [Path], to bundle: Path, submission: Path? = nil,
        onPicture: (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) throws -> Int {
        var entries: [(key: String, part: Int)] = []
        var holders: [String: Int] = [:]
        let files = try parts.map { try NpzFile(path: $0) }
        for (part, file) in files.enumerated() {
            for key in file.names {
                if let other = holders.updateValue(part, forKey: key) {
                    throw PredictionBundleError.inBoth(key: key, parts[other], parts[part])
                }
                entries.append((key, part))
            }
        }
        entries.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let file = try AtomicFile(bundle)
        let output = file.writer
        let npz = NpzWriter(to: output)
        for (index, entry) in entries.enumerated() {
            let array = try files[entry.part].array(named: entry.key)
            guard case .uint8(let bytes) = array.values, array.shape.count == 3, array.shape[0] == 3
            else {
                throw PredictionBundleError.noPrediction(
                    key: entry.key, parts[entry.part], shape: array.shape)
            }
            try npz.add(entry.key, shape: array.shape, bytes: bytes)
            onPicture(index + 1, entries.count)
        }
        try npz.finish()
        try output.flush()
        try publish(file, submission: submission)
        return entries.count
    }
}
