/// When the inbox is read again: so long after the end of the last scan that scanning takes a tenth of the time at
/// most, however large the inbox is.
struct ScanPlan: Sendable {
    /// A scan is followed by this many times its length without one.
    private static let restFactor = 9
    /// No rest is longer: a scan may take long only because the disk did not answer for a while.
    private static let longestRest = Duration.seconds(600)

    private(set) var isRunning = false
    private var isWanted = false
    private var beganAt = Duration.zero
    private var endedAt = Duration.zero
    private var length = Duration.zero

    /// Something happened that only a scan can tell.
    mutating func want() {
        isWanted = true
    }

    mutating func begin(at now: Duration) {
        isRunning = true
        isWanted = false
        beganAt = now
    }

    mutating func end(at now: Duration) {
        isRunning = false
        endedAt = now
        length = now - beganAt
    }

    /// When the next scan begins, on the clock of the times given; nil while one is running.
    ///
    /// - Parameter interval: without anything that asks for it earlier.
    func due(every interval: Duration) -> Duration? {
        if isRunning { return nil }
        let rest = min(length * Self.restFactor, Self.longestRest)
        return endedAt + (isWanted ? rest : max(interval, rest))
    }
}
