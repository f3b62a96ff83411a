import Dispatch

extension Duration {
    /// The duration in seconds, for rates and texts.
    package var inSeconds: Double { self / .seconds(1) }

    /// Whole microseconds, rounded down, never negative.
    package var wholeMicroseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(seconds) * 1_000_000 + UInt64(attoseconds / 1_000_000_000_000)
    }

    /// The nanoseconds after the whole seconds.
    package var nanosecondPart: Int64 { components.attoseconds / 1_000_000_000 }

    /// The same for Dispatch, to the nanosecond: from zero to a week, after which whoever waits looks again.
    package var dispatchInterval: DispatchTimeInterval {
        let capped = min(max(self, .zero), .seconds(7 * 86_400))
        return .nanoseconds(Int(capped.components.seconds * 1_000_000_000 + capped.nanosecondPart))
    }
}
