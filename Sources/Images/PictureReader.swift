import CImageCodecs

/// A picture's file whose header has been read and whose pixels have not.
/// It cannot be copied, so that no copy outlives the bytes that it reads.
package struct PictureReader: ~Copyable {
    enum Source {
        case png([UInt8], PictureHeader)
        case jpeg(JPEGReader, JPEGReader.Header)
    }

    private let source: Source

    init(_ source: Source) {
        self.source = source
    }

    package var header: PictureHeader { source.header }

    /// Decodes the picture and applies its orientation. It may be called once.
    package func decode() throws(PictureError) -> Picture {
        switch source {
        case .png(let bytes, _): try PNGCodec.decode(bytes)
        case .jpeg(let reader, let header): try JPEGCodec.decode(reader, header)
        }
    }
}

extension PictureReader.Source {
    /// - Parameter input: the same bytes, which must outlive the source.
    init(_ bytes: [UInt8], _ input: codec_bytes) throws(PictureError) {
        switch try PictureCodec.format(of: bytes) {
        case .png: self = .png(bytes, try PNGCodec.readHeader(bytes))
        case .jpeg:
            let reader = try JPEGReader(input)
            self = .jpeg(reader, try reader.start(keepsMetadata: true))
        }
    }

    var header: PictureHeader {
        switch self {
        case .png(_, let header): header
        case .jpeg(_, let header):
            PictureHeader(format: .jpeg, width: Int(header.shape.width), height: Int(header.shape.height))
        }
    }
}
