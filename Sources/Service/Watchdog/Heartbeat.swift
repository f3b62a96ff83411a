import Synchronization

/// What one worker shows of its progress: whether it is busy, and a number that grows while it advances (with
/// every band, layer or tile). Beating is a relaxed addition, cheap enough for inner loops of a millisecond.
public final class Heartbeat: Sendable {
    private let beats = Atomic<UInt64>(0)
    private let busyDepth = Atomic<Int>(0)

    public init() {}

    /// The worker took an item.
    public func begin() {
        busyDepth.wrappingAdd(1, ordering: .relaxed)
        beat()
    }

    /// The worker advanced.
    public func beat() {
        beats.wrappingAdd(1, ordering: .relaxed)
    }

    /// The worker put the item down.
    public func end() {
        busyDepth.wrappingSubtract(1, ordering: .relaxed)
        beat()
    }

    /// What the judge reads.
    public var reading: HeartbeatReading {
        HeartbeatReading(
            isBusy: busyDepth.load(ordering: .relaxed) > 0, beatCount: beats.load(ordering: .relaxed))
    }
}

/// A heartbeat at one moment.
public struct HeartbeatReading: Sendable, Equatable {
    public var isBusy: Bool
    public var beatCount: UInt64

    public init(isBusy: Bool, beatCount: UInt64) {
        self.isBusy = isBusy
        self.beatCount = beatCount
    }
}
