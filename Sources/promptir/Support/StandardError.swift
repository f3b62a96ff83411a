import Glibc

/// Standard error, unbuffered. (Glibc's `stderr` is a mutable global that Swift 6 does not let several threads see.)
struct StandardError: TextOutputStream {
    mutating func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if written < 0, errno != EINTR { return }
            rest = rest.dropFirst(max(written, 0))
        }
    }

    /// Writes the text as it is, without a line's end.
    static func put(_ text: String) {
        var stream = StandardError()
        stream.write(text)
    }
}

/// Prints a line for people on standard error.
func complain(_ message: String) {
    StandardError.put("promptir: \(message)\n")
}
