import Glibc

/// What can go wrong between a file and the kernel.
package enum FileProblem: Equatable, Sendable, CustomStringConvertible {
    /// A system call failed; `operation` is its verb, `errorNumber` is `errno`.
    case failed(operation: Operation, errorNumber: Int32)
    /// A folder, a device, a socket or a fifo stands where a file should.
    case notRegular
    /// The file was cut while it was open. Replace files by renaming a new one over them.
    case cutWhileOpen(byteCount: Int, found: Int)
    /// A file grew or shrank while it was copied into an archive.
    case changedWhileCopied(byteCount: Int)

    package enum Operation: String, Sendable {
        case open, map, read, write, synchronize, close
    }

    package var description: String {
        switch self {
        case .failed(let operation, let number):
            "cannot \(operation.rawValue): \(String(cString: strerror(number)))"
        case .notRegular:
            "not a regular file: give the path of a file"
        case .cutWhileOpen(let byteCount, let found):
            "had \(byteCount) bytes when it was opened and has \(found) now: replace files by renaming"
                + " a new one over them, not by writing into them"
        case .changedWhileCopied(let byteCount):
            "changed while it was copied (had \(byteCount) bytes): try again when nothing writes to it"
        }
    }
}
