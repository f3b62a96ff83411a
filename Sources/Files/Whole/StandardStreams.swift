import Glibc

/// Standard input and output as whole files, which commands call "-".
package enum StandardStreams {
    package static let path: Path = "-"

    private static let pieceByteCount = 1 << 20

    /// Reads standard input to its end. Refuses more than `limit` bytes.
    package static func readInput(limit: Int) throws(FileError) -> [UInt8] {
        let input = Descriptor(dup(STDIN_FILENO), path: "standard input")
        var bytes: [UInt8] = []
        while true {
            let piece = try WholeFiles.files.readPiece(input, limit: pieceByteCount)
            if piece.isEmpty { return bytes }
            bytes += piece
            guard bytes.count <= limit else { throw FileError(.read, input.path, .fileTooLarge) }
        }
    }

    package static func writeOutput(_ bytes: [UInt8]) throws(FileError) {
        try WholeFiles.files.write(bytes, to: Descriptor(dup(STDOUT_FILENO), path: "standard output"))
    }

    /// Whether what is written to standard output appears on a terminal.
    package static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
}
