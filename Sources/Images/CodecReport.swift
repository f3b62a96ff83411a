import CImageCodecs

extension PictureError {
    /// Creates the error for the failure in a codec's report.
    init(_ report: UnsafePointer<codec_report>) {
        let message = String(cString: codec_report_message(report))
        switch report.pointee.status {
        case codec_truncated: self = .truncated(message)
        case codec_unsupported: self = .unsupported(message)
        case codec_too_large: self = .tooLarge(message)
        case codec_no_memory: self = .outOfMemory(message)
        default: self = .damaged(message)
        }
    }

    /// The failure of a codec that writes, which returned `status`.
    init(writing status: codec_status, _ report: UnsafePointer<codec_report>) {
        let message = String(cString: codec_report_message(report))
        self = status == codec_no_memory ? .noMemory : .cannotEncode(message)
    }

    static let noMemory = PictureError.outOfMemory("no memory for the codec")
}

/// Returns a codec's warnings, which were no errors.
func warnings(in report: UnsafePointer<codec_report>) -> [String] {
    (0..<codec_report_warning_count(report)).map { String(cString: codec_report_warning(report, $0)) }
}

extension [UInt8] {
    /// Copies bytes that C owns; nil if there are none.
    init?(_ bytes: codec_bytes) {
        guard bytes.count > 0 else { return nil }
        self.init(UnsafeBufferPointer(start: bytes.bytes, count: bytes.count))
    }

    /// Calls `body` with the bytes.
    func lend<Result, Failure: Error>(
        _ body: (codec_bytes) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBufferPointer { (buffer) throws(Failure) -> Result in
            try body(codec_bytes(bytes: buffer.baseAddress, count: buffer.count))
        }
    }
}

extension codec_shape {
    var sampleCount: Int { Int(width) * Int(height) * Int(channels) }

    var layout: PixelLayout {
        switch channels {
        case 1: .grey
        case 2: .greyAlpha
        case 3: .rgb
        default: .rgba
        }
    }
}
