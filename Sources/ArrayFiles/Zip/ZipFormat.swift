/// The signatures, sizes and flags of the zip format (PKWARE's APPNOTE.TXT, sections 4.3 to 4.5).
enum ZipFormat {
    static let localSignature: UInt32 = 0x0403_4B50
    static let centralSignature: UInt32 = 0x0201_4B50
    static let endSignature: UInt32 = 0x0605_4B50
    static let end64Signature: UInt32 = 0x0606_4B50
    static let locator64Signature: UInt32 = 0x0706_4B50

    static let localByteCount = 30
    static let centralByteCount = 46
    static let endByteCount = 22
    static let end64ByteCount = 56
    static let locator64ByteCount = 20

    static let encryptedFlag: UInt16 = 1 << 0
    /// With this flag, sizes and checksum follow the data, and the local header may have zeros.
    static let descriptorFlag: UInt16 = 1 << 3
    static let utf8Flag: UInt16 = 1 << 11

    static let extra64: UInt16 = 1
    static let versionDeflate: UInt16 = 20
    static let version64: UInt16 = 45
    static let unix: UInt16 = 3

    static let stored: UInt16 = 0
    static let deflated: UInt16 = 8

    /// 1980-01-01, the format's first day. numpy uses it, too, and archives do not depend on the clock.
    static let date: UInt16 = 1 << 5 | 1
}
