import ProcessLimits

/// How cores are shared among images: a pure value.
///
/// When many images wait, each gets one core (no time is lost in waiting for each other inside an image); when
/// few do, each gets as many as there are to share.
package struct PoolPolicy: Sendable, Equatable {
    package let coreCount: Int
    /// Images at once, at most.
    package let workerCount: Int

    /// - Parameters:
    ///   - coreCount: cores to keep busy, at least 1.
    ///   - workerCount: images at once; by default, and at most, one for each core.
    package init(coreCount: Int = CoreCount.available(), workerCount: Int? = nil) {
        precondition(coreCount >= 1 && workerCount ?? 1 >= 1, "PoolPolicy: no cores or no workers")
        self.coreCount = coreCount
        self.workerCount = min(workerCount ?? coreCount, coreCount)
    }

    /// The number of cores for the next image, or nil if none can start now.
    ///
    /// - Parameters:
    ///   - waiting: images that have not begun, the next one included.
    ///   - busyCores: sum of the cores given to images in work.
    ///   - busyWorkers: images in work.
    package func coresForNext(waiting: Int, busyCores: Int, busyWorkers: Int) -> Int? {
        let freeCores = coreCount - busyCores
        let starting = min(waiting, freeCores, workerCount - busyWorkers)
        guard starting > 0 else { return nil }
        // Rounded up: what is left over goes to those that start first.
        return (freeCores + starting - 1) / starting
    }
}
