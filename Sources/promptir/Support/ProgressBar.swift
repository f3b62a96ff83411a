import Glibc

/// A bar on the last line of a terminal; nothing where standard error is no terminal.
///
/// Not for several threads at once.
struct ProgressBar {
    private let isShown: Bool
    private let total: Int
    private var done = 0
    private let start = ContinuousClock.now
    private static let width = 30

    init(total: Int) {
        self.total = total
        isShown = isatty(STDERR_FILENO) == 1
        draw()
    }

    mutating func advance() {
        done += 1
        draw()
    }

    /// Prints a line above the bar.
    func interject(_ print: () -> Void) {
        clear()
        print()
        draw()
    }

    /// Takes the bar away.
    func clear() {
        if isShown {
            StandardError.put("\r\u{1B}[K")
        }
    }

    private func draw() {
        guard isShown, total > 0 else { return }
        let filled = Self.width * done / total
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: Self.width - filled)
        StandardError.put("\r\u{1B}[K[\(bar)] \(done)/\(total)\(remaining)")
    }

    private var remaining: String {
        guard done > 0, done < total else { return "" }
        let passed = ContinuousClock.now - start
        let seconds = Int((passed / done * (total - done)).components.seconds)
        return "  about \(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60) left"
    }
}
