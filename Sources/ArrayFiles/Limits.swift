/// What a file may ask of its reader. Every number a file declares is compared with one of these, or with the
/// file's own size, before anything is allocated for it.
package enum Limits {
    /// The safetensors format's own limit for its JSON header.
    package static let safetensorsHeaderByteCount = 100_000_000

    /// The largest networks have some thousands; the published one here has 548.
    package static let tensorCount = 100_000

    /// PyTorch's own limit is 64 dimensions.
    package static let rank = 64

    /// Views may share a storage, so a small file may describe many elements; this many for each byte of the file
    /// (the published weights have a quarter) keeps what the floats take within a constant times the file's size.
    package static let elementsPerFileByte = 2

    /// A pickle with the weights and the optimiser's state of the published network takes 200 kB.
    package static let pickleByteCount = 64 << 20

    /// Opcodes of a pickle; that of the published network with its optimiser's state has about 50,000. Bounds time.
    package static let pickleOpcodeCount = 1 << 22

    /// Values on the pickle machine's stack.
    package static let pickleStackCount = 1 << 18

    /// Containers that a pickle creates, and the values in them. Bounds memory: one byte of a pickle can
    /// create an object of a hundred.
    package static let pickleValueCount = 1 << 20

    /// How deep `{"state_dict": {"model": …}}` is followed.
    package static let nestingDepth = 4

    /// numpy refuses longer ones too, unless told otherwise.
    package static let npyHeaderByteCount = 10_000

    /// Deflate makes at best one byte of 1032.
    package static let deflateRatio = 1032
}
