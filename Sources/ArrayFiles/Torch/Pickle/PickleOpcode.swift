/// The supported opcodes: those that pickle protocols 2 to 5 write for checkpoints. PyTorch never writes the
/// text opcodes of protocol 0, `INST`, `OBJ`, `EXT` and out-of-band buffers, so they are not supported. The
/// names are those of Python's `pickletools`.
enum PickleOpcode: UInt8 {
    // Framing
    case proto = 0x80
    case frame = 0x95
    case stop = 0x2E  // .

    // Stack
    case mark = 0x28  // (
    case pop = 0x30  // 0
    case popMark = 0x31  // 1
    case dup = 0x32  // 2

    // Memo
    case binput = 0x71  // q
    case longBinput = 0x72  // r
    case memoize = 0x94
    case binget = 0x68  // h
    case longBinget = 0x6A  // j

    // Constants
    case none = 0x4E  // N
    case newTrue = 0x88
    case newFalse = 0x89
    case binint = 0x4A  // J
    case binint1 = 0x4B  // K
    case binint2 = 0x4D  // M
    case long1 = 0x8A
    case long4 = 0x8B
    case binfloat = 0x47  // G

    // Text and bytes
    case binunicode = 0x58  // X
    case shortBinunicode = 0x8C
    case binunicode8 = 0x8D
    case binstring = 0x54  // T
    case shortBinstring = 0x55  // U
    case binbytes = 0x42  // B
    case shortBinbytes = 0x43  // C
    case binbytes8 = 0x8E
    case bytearray8 = 0x96

    // Containers
    case emptyTuple = 0x29  // )
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case tuple = 0x74  // t
    case emptyList = 0x5D  // ]
    case append = 0x61  // a
    case appends = 0x65  // e
    case list = 0x6C  // l
    case emptyDict = 0x7D  // }
    case setitem = 0x73  // s
    case setitems = 0x75  // u
    case dict = 0x64  // d
    case emptySet = 0x8F
    case addItems = 0x90
    case frozenSet = 0x91

    // Objects
    case global = 0x63  // c
    case stackGlobal = 0x93
    case reduce = 0x52  // R
    case newobj = 0x81
    case newobjEx = 0x92
    case build = 0x62  // b
    case binpersid = 0x51  // Q
}
