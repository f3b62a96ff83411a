import Glibc
import Restoration

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
    StandardError.put("promptir: \(oneLine(message))\n")
}

/// The text as one line without control characters: names of tensors and metadata come from anybody's files, and must
/// neither forge a line nor give the terminal orders.
func oneLine(_ text: String) -> String {
    // Names of files need the same.
    Path(text).description
}
