import ProcessLimits

/// Decides how images share the cores, as a pure value.
///
/// If many images wait, each gets one core, which avoids waiting between threads within an image. If few
/// wait, each gets an equal share of the free cores. While no core is free, one image more may start if a worker is: a
/// large image that came alone must not hold up the small ones after it.
package struct PoolPolicy: Sendable, Equatable {
    package let coreCount: Int
    /// The largest number of images processed at the same time.
    package let workerCount: Int

    /// - Parameters:
    ///   - coreCount: the cores to use, at least 1.
    ///   - workerCount: images at the same time; by default, and at most, one for each core.
    package init(coreCount: Int = CoreCount.available(), workerCount: Int? = nil) {
        precondition(coreCount >= 1 && workerCount ?? 1 >= 1, "PoolPolicy: no cores or no workers")
        self.coreCount = coreCount
        self.workerCount = min(workerCount ?? coreCount, coreCount)
    }

    /// Returns the number of cores for the next image, or nil if none can start now.
    ///
    /// - Parameters:
    ///   - waiting: the images that have not begun, including the next one.
    ///   - busyCores: the number of cores in use.
    ///   - busyWorkers: the number of images being processed.
    package func coresForNext(waiting: Int, busyCores: Int, busyWorkers: Int) -> Int? {
        guard waiting > 0, busyWorkers < workerCount, busyCores <= coreCount else { return nil }
        let freeCores = max(coreCount - busyCores, 1)
        let starting = min(waiting, freeCores, workerCount - busyWorkers)
        // The division rounds up, so that remaining cores go to the images that start first.
        return (freeCores + starting - 1) / starting
    }
}
