import Logging
import Synchronization

/// The level that all loggers of a process share. A reload changes it at run time.
package final class LogLevelSwitch: Sendable {
    private let index: Atomic<Int>

    package init(_ level: Logger.Level = .info) {
        index = Atomic(Self.order.firstIndex(of: level) ?? 0)
    }

    /// The level below which nothing is logged.
    package var current: Logger.Level {
        get { Self.order[index.load(ordering: .relaxed)] }
        set { index.store(Self.order.firstIndex(of: newValue) ?? 0, ordering: .relaxed) }
    }

    private static let order = Logger.Level.allCases
}
