/// What one worker shows of its progress at one moment: whether it is busy, and a number that grows while it
/// advances (with every band, layer or tile).
package struct HeartbeatReading: Sendable, Equatable {
    package var isBusy: Bool
    package var beatCount: UInt64

    package init(isBusy: Bool, beatCount: UInt64) {
        self.isBusy = isBusy
        self.beatCount = beatCount
    }
}
