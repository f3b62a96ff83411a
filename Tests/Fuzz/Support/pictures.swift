import Images

/// Small: a huge picture takes time and teaches nothing.
let limits = PictureLimits(maximumWidth: 512, maximumHeight: 512, maximumPixelCount: 1 << 16)

func head(_ bytes: [UInt8]) throws -> PictureHead {
    try PictureHeadReader.head(fileByteCount: bytes.count) { Array(bytes[$0..<min($0 + $1, bytes.count)]) }
}

/// What is decoded takes no more memory than the head announced.
func checkHead(_ bytes: [UInt8], _ picture: Picture) {
    guard let head = try? head(bytes) else { preconditionFailure("a picture without a head") }
    let byteCount: Int
    switch picture.samples {
    case .eightBit(let samples): byteCount = samples.count
    case .sixteenBit(let samples): byteCount = 2 * samples.count
    }
    precondition(byteCount <= head.sampleByteCount)
}
