/// Builds pickles opcode by opcode, and the PyTorch files around them.
struct PickleBuilder {
    var bytes: [UInt8]

    init(proto: UInt8? = 2) {
        bytes = proto.map { [0x80, $0] } ?? []
    }

    static func += (builder: inout PickleBuilder, opcodes: String) {
        builder.bytes += Array(opcodes.utf8)
    }

    mutating func text(_ text: String) {
        bytes += [0x58] + little(UInt32(text.utf8.count)) + Array(text.utf8)
    }

    mutating func integer(_ value: Int) {
        if let small = Int32(exactly: value) {
            bytes += [0x4A] + little(small)
        } else {
            bytes += [0x8A, 8] + little(value)
        }
    }

    mutating func global(_ module: String, _ name: String) {
        self += "c\(module)\n\(name)\n"
    }

    mutating func integers(_ values: [Int]) {
        self += "("
        for value in values { integer(value) }
        self += "t"
    }

    mutating func storage(_ type: String, key: String, count: Int, view: (offset: Int, count: Int)?? = .none)
    {
        self += "("
        text("storage")
        global("torch", type)
        text(key)
        text("cpu")
        integer(count)
        if case .some(let view) = view {
            if let view {
                self += "("
                text("\(key)-view")
                integer(view.offset)
                integer(view.count)
                self += "t"
            } else {
                self += "N"
            }
        }
        self += "tQ"
    }

    /// A call of `_rebuild_tensor_v2`.
    mutating func tensor(
        _ type: String = "FloatStorage", key: String = "0", count: Int, offset: Int = 0, shape: [Int],
        strides: [Int], view: (offset: Int, count: Int)?? = .none
    ) {
        global("torch._utils", "_rebuild_tensor_v2")
        self += "("
        storage(type, key: key, count: count, view: view)
        integer(offset)
        integers(shape)
        integers(strides)
        bytes.append(0x89)
        global("collections", "OrderedDict")
        self += ")RtR"
    }

    /// A pickle of one dictionary, whose values the closure of each key pushes.
    static func dictionary(_ entries: [(String, (inout PickleBuilder) -> Void)]) -> [UInt8] {
        var builder = PickleBuilder()
        builder.pushDictionary(entries)
        builder += "."
        return builder.bytes
    }

    mutating func pushDictionary(_ entries: [(String, (inout PickleBuilder) -> Void)]) {
        self += "}("
        for (key, push) in entries {
            text(key)
            push(&self)
        }
        self += "u"
    }
}

/// Puts pickles into PyTorch's containers.
enum TorchBuilder {
    static func zip(
        _ pickle: [UInt8], storages: [String: [UInt8]] = ["0": [UInt8](repeating: 0, count: 24)],
        byteOrder: String? = "little", change: (inout ZipBuilder) -> Void = { _ in }
    ) -> [UInt8] {
        var builder = ZipBuilder(entries: [.init("archive/data.pkl", pickle)])
        if let byteOrder { builder.entries.append(.init("archive/byteorder", Array(byteOrder.utf8))) }
        for (key, data) in storages.sorted(by: { $0.key < $1.key }) {
            builder.entries.append(.init("archive/data/\(key)", data))
        }
        change(&builder)
        return builder.build()
    }

    static func legacy(
        _ pickle: [UInt8], keys: [String] = ["0"], storages: [[UInt8]], magic: [UInt8]? = nil,
        version: Int = 1001,
        isLittleEndian: Bool = true
    ) -> [UInt8] {
        var head = PickleBuilder()
        head.bytes += [0x8A, 10] + (magic ?? [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19])
        head += "."
        var number = PickleBuilder()
        number.integer(version)
        number += "."
        let system = PickleBuilder.dictionary([
            ("little_endian", { $0.bytes.append(isLittleEndian ? 0x88 : 0x89) })
        ])
        var list = PickleBuilder()
        list += "]("
        for key in keys { list.text(key) }
        list += "e."
        return head.bytes + number.bytes + system + pickle + list.bytes + storages.flatMap { $0 }
    }

    /// Six floats 0…5 as bytes.
    static let sixFloats: [UInt8] = (0..<6).flatMap { little(Float($0).bitPattern) }
}
