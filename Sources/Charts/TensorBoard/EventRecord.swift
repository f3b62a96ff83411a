/// One event as TensorBoard reads it, framed as a record of a TFRecord file.
///
/// Field numbers are those of tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto.
enum EventRecord {
    enum Content {
        case fileVersion
        case scalars([(tag: String, value: Double)])
        /// `png` is a complete file.
        case image(tag: String, png: [UInt8], width: Int, height: Int)
    }

    /// - Parameter wallTime: seconds since 1970.
    static func bytes(_ content: Content, step: Int, wallTime: Double) -> [UInt8] {
        var event = ProtobufMessage()
        event.add(1, double: wallTime)
        if step != 0 { event.add(2, integer: step) }
        switch content {
        case .fileVersion:
            event.add(3, string: "brain.Event:2")
        case .scalars(let scalars):
            var summary = ProtobufMessage()
            for (tag, value) in scalars {
                var entry = ProtobufMessage()
                entry.add(1, string: tag)
                entry.add(2, float: Float(value))
                summary.add(1, message: entry)
            }
            event.add(5, message: summary)
        case .image(let tag, let png, let width, let height):
            var image = ProtobufMessage()
            image.add(1, integer: height)
            image.add(2, integer: width)
            image.add(3, integer: 3)
            image.add(4, bytes: png)
            var entry = ProtobufMessage()
            entry.add(1, string: tag)
            entry.add(4, message: image)
            var summary = ProtobufMessage()
            summary.add(1, message: entry)
            event.add(5, message: summary)
        }
        return framed(event.bytes)
    }

    /// Length, its checksum, the data, their checksum.
    private static func framed(_ data: [UInt8]) -> [UInt8] {
        let length = littleEndian(UInt64(data.count))
        return length + littleEndian(MaskedCRC32C.checksum(length)) + data
            + littleEndian(MaskedCRC32C.checksum(data))
    }

    /// Returns how many bytes from the start hold complete records up to `step`. Later events and an incomplete last
    /// record are not counted.
    static func byteCount(keepingThrough step: Int, in file: [UInt8]) -> Int {
        var place = 0
        while let data = record(at: place, in: file) {
            if let found = ProtobufFields.integer(2, in: data), found > step { break }
            place += 16 + data.count
        }
        return place
    }

    private static func record(at place: Int, in file: [UInt8]) -> ArraySlice<UInt8>? {
        guard place + 16 <= file.count else { return nil }
        let length = file[place..<place + 8]
        let count = length.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard file[(place + 8)..<(place + 12)].elementsEqual(littleEndian(MaskedCRC32C.checksum(length))),
            count <= UInt64(file.count - place - 16)
        else { return nil }
        let data = file[(place + 12)..<(place + 12 + Int(count))]
        let checksum = file[(place + 12 + Int(count))..<(place + 16 + Int(count))]
        return checksum.elementsEqual(littleEndian(MaskedCRC32C.checksum(data))) ? data : nil
    }
}
