/// PyTorch's zip container (since 1.6): `NAME/data.pkl`, `NAME/data/KEY` for each storage, `NAME/byteorder`.
///
/// Checksums are not verified: PyTorch may omit them, its loader ignores them, and reading all bytes once
/// more would double the time to start.
enum TorchZip {
    static func read(_ file: ByteView) throws(ArrayFileError) -> TorchContents {
        func fail(_ problem: TorchProblem) -> ArrayFileError { ArrayFileError(file.path, .torch(problem)) }

        let archive = try ZipArchive(file)
        let pickles = archive.entries.filter { $0.name == "data.pkl" || $0.name.hasSuffix("/data.pkl") }
        guard let pickle = pickles.first, pickles.count == 1 else {
            throw fail(.noPickle(count: pickles.count))
        }
        let folder = String(pickle.name.dropLast("data.pkl".count))

        if let order = archive[folder + "byteorder"] {
            let text = order.data.count <= 16 ? order.data.text(at: 0, count: order.data.count) : nil
            if text == "big" { throw fail(.bigEndian) }
            guard text == "little" else { throw fail(.unknownByteOrder(text ?? "?")) }
        }
        var storages: [String: ByteView] = [:]
        let prefix = folder + "data/"
        for entry in archive.entries where entry.name.hasPrefix(prefix) || entry.name == pickle.name {
            guard !entry.isDeflated else { throw fail(.compressedRecord(entry.name)) }
            if entry.name != pickle.name { storages[String(entry.name.dropFirst(prefix.count))] = entry.data }
        }
        guard pickle.data.count <= Limits.pickleByteCount else {
            throw ArrayFileError(file.path, .pickle(.tooLarge(byteCount: pickle.data.count)))
        }
        var machine = PickleMachine(pickle.data)
        let root = try machine.run()
        return TorchContents(root: root, heap: machine.heap, storages: storages, file: file)
    }
}
