import Glibc

/// An open file descriptor, closed with its last reference.
package final class Descriptor: Sendable {
    package let rawValue: Int32
    /// The path it was opened by, escaped; for messages only, never opened again.
    package let path: String

    package init(_ rawValue: Int32, path: String) {
        self.rawValue = rawValue
        self.path = path
    }

    deinit {
        close(rawValue)
    }
}
