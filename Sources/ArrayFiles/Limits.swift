/// Limits on what a file may demand of its reader. Every number in a file is compared with one of these
/// limits, or with the file's size, before anything is allocated for it.
package enum Limits {
    /// The safetensors format's own limit for its JSON header.
    package static let safetensorsHeaderByteCount = 100_000_000

    /// The most tensors. The largest networks have some thousands; the published one has 548.
    package static let tensorCount = 100_000

    /// The most dimensions, which is PyTorch's own limit.
    package static let rank = 64

    /// The most elements for each byte of the file. Views may share a storage, so a small file may describe
    /// many elements. This limit keeps the memory for floats proportional to the file's size. The published
    /// weights have a quarter.
    package static let elementsPerFileByte = 2

    /// The largest pickle. One with the weights and the optimiser's state of the published network takes 200
    /// kB.
    package static let pickleByteCount = 64 << 20

    /// The most opcodes in a pickle, which bounds the time. The published network with its optimiser's state
    /// needs about 50,000.
    package static let pickleOpcodeCount = 1 << 22

    /// The most values on the pickle machine's stack.
    package static let pickleStackCount = 1 << 18

    /// The most containers that a pickle creates, together with their values. This bounds memory, because one
    /// byte of a pickle can create an object of a hundred bytes.
    package static let pickleValueCount = 1 << 20

    /// The depth to which `{"state_dict": {"model": …}}` is followed.
    package static let nestingDepth = 4

    /// The longest npy header. By default, numpy refuses longer ones, too.
    package static let npyHeaderByteCount = 10_000

    /// The highest ratio that deflate reaches: 1032 bytes from one.
    package static let deflateRatio = 1032
}
