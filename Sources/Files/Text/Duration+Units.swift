import Dispatch

extension Duration {
    /// The duration in seconds, for rates and texts.
    package var inSeconds: Double { self / .seconds(1) }

    /// The whole microseconds, rounded down and never negative.
    package var wholeMicroseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(seconds) * 1_000_000 + UInt64(attoseconds / 1_000_000_000_000)
    }

    /// The nanoseconds after the whole seconds.
    package var nanosecondPart: Int64 { components.attoseconds / 1_000_000_000 }

    /// The duration for Dispatch, to the nanosecond, limited to zero to one week. Callers check again after
    /// that.
    package var dispatchInterval: DispatchTimeInterval {
        let capped = min(max(self, .zero), .seconds(7 * 86_400))
        return .nanoseconds(Int(capped.components.seconds * 1_000_000_000 + capped.nanosecondPart))
    }
}
