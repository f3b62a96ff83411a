import Glibc

/// Writes whole lines to standard error.
package enum StandardError {
    /// Uses one write(2) per line if the kernel accepts all of it, so lines of several threads do not mix.
    package static func write(_ line: String) {
        var rest = Array(line.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                return  // nobody reads: there is no better place to complain
            }
            rest = rest.dropFirst(written)
        }
    }
}
