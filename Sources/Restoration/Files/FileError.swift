import Glibc

/// A call to the operating system that failed: what was tried, on which path, and why.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Operation: String, Sendable {
        case open, read, write, list, create, rename, remove, examine
        case sync = "flush to disk"
    }

    public let operation: Operation
    public let path: Path
    /// The system's `errno`.
    public let code: Int32

    public init(_ operation: Operation, _ path: Path, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    public var description: String {
        "cannot \(operation.rawValue) \(path): \(FileError.reason(code))"
    }

    /// True where the fault lies with the disk or its permissions and not with one file: waiting may help.
    public var isEnvironmental: Bool {
        [ENOSPC, EDQUOT, EIO, EROFS, EACCES, EPERM, EMFILE, ENFILE, ENOMEM].contains(code)
    }

    static func reason(_ code: Int32) -> String {
        switch code {
        case ENOENT: "there is no such file or folder"
        case EACCES, EPERM: "permission denied; check owner and mode of the file and of its folder"
        case ENOSPC, EDQUOT: "the disk or the quota is full; make room and run again"
        case EROFS: "the filesystem is mounted read-only"
        case EISDIR: "it is a folder"
        case ENOTDIR: "a part of the path is a file, not a folder"
        default: FileSystem.message(code)
        }
    }
}
