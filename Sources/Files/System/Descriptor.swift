import Glibc

/// An open file descriptor, closed with its last reference.
package final class Descriptor: Sendable {
    package let rawValue: Int32
    /// The path for messages: the one that it was opened by, or one that says more.
    package let path: Path

    package init(_ rawValue: Int32, path: Path) {
        self.rawValue = rawValue
        self.path = path
    }

    deinit {
        close(rawValue)
    }
}
