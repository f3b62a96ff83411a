import Glibc

/// The clocks for measuring costs.
package enum Clock {
    /// Returns seconds since a fixed moment.
    package static func wallSeconds() -> Double { seconds(CLOCK_MONOTONIC) }

    /// Returns the processor time of all threads of the process, user and system.
    package static func cpuSeconds() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
}
