/// A kind of metadata in the application segments of a JPEG, recognised by its first bytes.
struct JPEGSegment {
    /// The number N of the marker APPN.
    let number: Int32
    let prefix: [UInt8]

    /// The most bytes that a segment holds after the prefix: 65 535 less its length and the prefix.
    var capacity: Int { 65_533 - prefix.count }

    /// An EXIF block (EXIF 2.32, section 4.7.2).
    static let exif = JPEGSegment(number: 1, prefix: Array("Exif\0\0".utf8))
    /// An XMP packet (XMP specification part 3, section 1.1.3).
    static let xmp = JPEGSegment(number: 1, prefix: Array("http://ns.adobe.com/xap/1.0/\0".utf8))
    /// Photoshop's image resources, which hold IPTC's block.
    static let photoshop = JPEGSegment(number: 13, prefix: Array("Photoshop 3.0\0".utf8))
}
