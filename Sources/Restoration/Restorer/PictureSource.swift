import Files

/// Where a picture's file is read from: its head first and, once there is memory for it, the whole of it.
package struct PictureSource: Sendable {
    package let byteCount: Int
    let part: @Sendable (_ offset: Int, _ byteCount: Int) throws -> [UInt8]
    let whole: @Sendable () throws -> [UInt8]

    /// - Parameters:
    ///   - byteCount: of the whole file.
    ///   - part: reads a part of the file; fewer bytes where the file ends.
    ///   - whole: reads the whole file; must not return more than `byteCount` bytes.
    package init(
        byteCount: Int, part: @escaping @Sendable (_ offset: Int, _ byteCount: Int) throws -> [UInt8],
        whole: @escaping @Sendable () throws -> [UInt8]
    ) {
        self.byteCount = byteCount
        self.part = part
        self.whole = whole
    }

    /// A file that is in memory already.
    package init(_ bytes: [UInt8]) {
        self.init(byteCount: bytes.count) { offset, count in
            Array(bytes.dropFirst(offset).prefix(count))
        } whole: {
            bytes
        }
    }

    /// - Throws: `FileError`, also where no regular file is at the path.
    package init(path: Path) throws(FileError) {
        let files = FileSystem()
        let (file, byteCount) = try files.openRegularFile(path: path)
        self.init(byteCount: byteCount) { offset, count in
            try files.read(file, at: offset, byteCount: count)
        } whole: {
            try files.read(file, at: 0, byteCount: byteCount)
        }
    }
}

/// What reading a picture's file threw.
package struct ReadFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package let cause: any Error

    package static func == (left: ReadFailure, right: ReadFailure) -> Bool {
        left.description == right.description
    }

    package var description: String { String(describing: cause) }
}
