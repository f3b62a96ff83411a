extension Picture {
    /// What a file of the format has no place for and `PictureCodec.encode` therefore leaves out, as text for a log.
    package func omissions(in format: PictureFormat) -> [String] {
        switch format {
        case .png:
            return (iptc ?? []).isEmpty ? [] : ["the IPTC block is left out: PNG has no place for it"]
        case .jpeg:
            var texts: [String] = []
            if let xmp, xmp.count > JPEGSegment.xmp.capacity {
                texts.append(
                    "the XMP packet is left out: it has \(xmp.count) bytes, JPEG holds \(JPEGSegment.xmp.capacity)"
                )
            }
            return texts
        }
    }
}
