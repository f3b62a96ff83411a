/// What one worker shows of its progress at one moment: whether it is busy, and a number that grows while it
/// advances (with every band, layer or tile).
public struct HeartbeatReading: Sendable, Equatable {
    public var isBusy: Bool
    public var beatCount: UInt64

    public init(isBusy: Bool, beatCount: UInt64) {
        self.isBusy = isBusy
        self.beatCount = beatCount
    }
}
