import Glibc

/// An open file descriptor, which is closed when its last reference goes.
package final class Descriptor: Sendable {
    package let rawValue: Int32
    /// The path for messages: the one that the file was opened by, or one that says more.
    package let path: Path

    package init(_ rawValue: Int32, path: Path) {
        self.rawValue = rawValue
        self.path = path
    }

    deinit {
        close(rawValue)
    }
}
