/// Kinds of files that are no PNG and no JPEG but that people take for pictures. They are recognised to say what a file
/// is and how it becomes one that can be read.
package enum ForeignFormat: String, CaseIterable, Sendable, Comparable {
    case webP = "WebP"
    case heif = "HEIC"
    case avif = "AVIF"
    case tiff = "TIFF"
    case gif = "GIF"
    case bmp = "BMP"
    case jpegXL = "JPEG XL"
    case jpeg2000 = "JPEG 2000"
    case raw = "camera raw"
    case video = "video"
    case pdf = "PDF"

    /// Recognises a file by its first bytes; 16 suffice.
    package init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(16))
        func has(_ text: String, at offset: Int = 0) -> Bool {
            bytes.dropFirst(offset).starts(with: text.utf8)
        }
        func has(_ values: [UInt8]) -> Bool { bytes.starts(with: values) }
        switch bytes {
        case _ where has("RIFF") && has("WEBP", at: 8): self = .webP
        case _ where has("ftypheic", at: 4) || has("ftypheix", at: 4) || has("ftypmif1", at: 4): self = .heif
        case _ where has("ftypavif", at: 4) || has("ftypavis", at: 4): self = .avif
        case _ where has("ftypcrx ", at: 4) || has([0x49, 0x49, 0x2A, 0]) && has("CR", at: 8): self = .raw
        case _ where has("ftyp", at: 4) || has("RIFF") && has("AVI ", at: 8): self = .video
        case _ where has([0x49, 0x49, 0x2A, 0]) || has([0x4D, 0x4D, 0, 0x2A]): self = .tiff
        case _ where has("GIF8"): self = .gif
        case _ where has("BM") && bytes.count >= 14 && bytes[6...9].allSatisfy { $0 == 0 }: self = .bmp
        case _ where has([0xFF, 0x0A]) || has([0, 0, 0, 0x0C]) && has("JXL ", at: 4): self = .jpegXL
        case _ where has([0, 0, 0, 0x0C]) && has("jP  ", at: 4): self = .jpeg2000
        case _ where has("FUJIFILM") || has("IIRO") || has("IIU\0"): self = .raw
        case _ where has("%PDF-"): self = .pdf
        default: return nil
        }
    }

    /// Recognises a file by the extension of its name, in lower case.
    package init?(fileExtension: String) {
        guard let format = Self.allCases.first(where: { $0.extensions.contains(fileExtension) }) else {
            return nil
        }
        self = format
    }

    private var extensions: [String] {
        switch self {
        case .webP: ["webp"]
        case .heif: ["heic", "heif"]
        case .avif: ["avif"]
        case .tiff: ["tif", "tiff"]
        case .gif: ["gif"]
        case .bmp: ["bmp"]
        case .jpegXL: ["jxl"]
        case .jpeg2000: ["jp2", "j2k", "jpx"]
        case .raw: ["arw", "cr2", "cr3", "dng", "nef", "nrw", "orf", "pef", "raf", "rw2", "srw"]
        case .video: ["avi", "m4v", "mkv", "mov", "mp4", "webm"]
        case .pdf: ["pdf"]
        }
    }

    /// A command that makes a PNG or JPEG of such a file, with programs that Debian has.
    package var conversion: String {
        switch self {
        case .webP: "dwebp in.webp -o out.png"
        case .heif: "heif-convert in.heic out.png"
        case .avif: "avifdec in.avif out.png"
        case .tiff, .gif, .bmp: "convert in.\(extensions[0]) out.png"
        case .jpegXL: "djxl in.jxl out.png"
        case .jpeg2000: "opj_decompress -i in.jp2 -o out.png"
        case .raw: "darktable-cli in.\(extensions[1]) out.png"
        case .video: "ffmpeg -i in.mp4 out-%05d.png"
        case .pdf: "pdftoppm -png in.pdf out"
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
