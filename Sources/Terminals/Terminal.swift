import Glibc
import Synchronization

/// Standard error as a terminal with a line at its bottom that is drawn again and again. Log lines go through it
/// too, so that the two do not mix.
package final class Terminal: Sendable {
    private let bottom = Mutex("")

    package init() {}

    /// Whether somebody looks at standard error.
    package static var isPresent: Bool {
        guard isatty(STDERR_FILENO) == 1 else { return false }
        return getenv("TERM").map { String(cString: $0) != "dumb" } ?? true
    }

    package static var columnCount: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Draws the bottom line anew; empty removes it.
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
