/// The contents of a checkpoint in any container, by the names in the file.
struct CheckpointContents {
    let container: Checkpoint.Container
    let tensors: [StoredTensor]
    let ignored: [String]
    var notes: [String] = []
    var metadata: [String: String] = [:]

    init(_ file: ByteView) throws(ArrayFileError) {
        if file.integer(UInt32.self, at: 0) == ZipFormat.localSignature {
            self = CheckpointContents(.torchZip, try StateDictionary(try TorchZip.read(file)))
        } else if TorchLegacy.matches(file) {
            self = CheckpointContents(.torchLegacy, try StateDictionary(try TorchLegacy.read(file)))
        } else if file.count < 9 || file[8] == UInt8(ascii: "{") {
            let reader = try SafetensorsReader(file)
            container = .safetensors
            tensors = reader.tensors
            ignored = reader.ignored
            metadata = reader.metadata
        } else {
            let start = (file.slice(at: 0, count: min(file.count, 8))?.array() ?? []).map { byte in
                (0x21...0x7E).contains(byte) ? String(Unicode.Scalar(byte)) : "\\x" + String(byte, radix: 16)
            }
            throw ArrayFileError(file.path, .checkpoint(.unknownContainer(start: start.joined())))
        }
    }

    private init(_ container: Checkpoint.Container, _ dictionary: StateDictionary) {
        self.container = container
        tensors = dictionary.tensors
        ignored = dictionary.ignored
        notes = dictionary.notes
    }
}
