import Glibc

/// The system's clocks.
package let systemClock: @Sendable () -> Moment = {
    func time(_ clock: clockid_t) -> Duration {
        var value = timespec()
        clock_gettime(clock, &value)
        return .seconds(value.tv_sec) + .nanoseconds(value.tv_nsec)
    }
    return Moment(monotonic: time(CLOCK_MONOTONIC), wall: time(CLOCK_REALTIME))
}
