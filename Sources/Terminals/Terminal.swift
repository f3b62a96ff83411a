import Glibc
import Synchronization

/// Standard error as a terminal whose bottom line is redrawn. Log lines are written through it as well, so that they
/// do not mix with the bottom line.
package final class Terminal: Sendable {
    private let bottom = Mutex("")

    package init() {}

    /// Whether standard error is a terminal.
    package static var isPresent: Bool {
        guard isatty(STDERR_FILENO) == 1 else { return false }
        return getenv("TERM").map { String(cString: $0) != "dumb" } ?? true
    }

    package static var columnCount: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Redraws the bottom line; an empty text removes it.
    package func show(_ text: String) {
        bottom.withLock { bottom in
            guard text != bottom else { return }
            bottom = text
            StandardError.write("\r\u{1B}[K" + text)
        }
    }

    /// Writes a whole line (with its break) above the bottom line.
    package func write(_ line: String) {
        bottom.withLock { bottom in
            StandardError.write(bottom.isEmpty ? line : "\r\u{1B}[K" + line + bottom)
        }
    }
}
