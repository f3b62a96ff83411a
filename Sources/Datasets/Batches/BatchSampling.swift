/// The contents of a run's batches, as a pure function of seed, epoch and place. Nothing else is needed to continue
/// after an interruption.
package struct BatchSampling: Sendable, Equatable {
    /// The number of examples in a step, over all ranks.
    package var batchCount: Int
    package var extent: PatchExtent
    package var flips: Bool
    package var shuffles: Bool
    package var seed: UInt64
    /// The number of this rank, which makes one of `rankCount` equal shares of every batch. `batchCount` is a
    /// multiple of `rankCount`.
    package var rank: Int
    package var rankCount: Int

    package init(
        batchCount: Int, extent: PatchExtent, flips: Bool = true, shuffles: Bool = true, seed: UInt64,
        rank: Int = 0, rankCount: Int = 1
    ) {
        precondition(
            batchCount > 0 && rankCount > 0, "BatchSampling: \(batchCount) examples on \(rankCount) ranks")
        precondition(batchCount.isMultiple(of: rankCount), "BatchSampling: ranks must have equal shares")
        precondition((0..<rankCount).contains(rank), "BatchSampling: rank \(rank) of \(rankCount)")
        self.batchCount = batchCount
        self.extent = extent
        self.flips = flips
        self.shuffles = shuffles
        self.seed = seed
        self.rank = rank
        self.rankCount = rankCount
    }

    /// Returns the number of steps in an epoch over `pairCount` pairs. The last batch is filled up from the epoch's
    /// beginning (with other patches), so that every batch has one shape and every pair is seen.
    package func batchesPerEpoch(pairCount: Int) -> Int {
        (pairCount + batchCount - 1) / batchCount
    }

    /// Returns the positions within an epoch that this rank makes for a batch.
    package func positions(batch: Int) -> Range<Int> {
        let share = batchCount / rankCount
        let start = batch * batchCount + rank * share
        return start..<start + share
    }
}
