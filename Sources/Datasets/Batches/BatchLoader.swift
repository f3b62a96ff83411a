import Dispatch
import Synchronization
import Tensors

/// Makes batches on a background queue, some of them in advance. The contents of a batch depend only on the sampling and
/// its place, never on how far in advance it was made.
package final class BatchLoader: Sendable {
    /// The place of a batch in the run.
    private struct Place: Hashable, Sendable {
        let epoch: Int
        let batch: Int
    }

    private typealias Buffers = (degraded: AlignedBuffer, clean: AlignedBuffer)

    /// A batch that is being made.
    private final class Delivery: Sendable {
        private let result = Mutex<Result<PairBatch, any Error>?>(nil)
        private let isDone = DispatchSemaphore(value: 0)

        func fulfil(_ outcome: Result<PairBatch, any Error>) {
            result.withLock { $0 = outcome }
            isDone.signal()
        }

        /// Waits for the batch. It may be called once.
        func take() throws -> PairBatch {
            isDone.wait()
            guard let outcome = result.withLock({ $0 }) else {
                preconditionFailure("BatchLoader: a delivery without a result")
            }
            return try outcome.get()
        }
    }

    private struct State {
        var deliveries: [Place: Delivery] = [:]
        /// The batch that the caller is using.
        var lent: PairBatch?
        var spare: [Buffers] = []
    }

    package let sampling: BatchSampling
    package let batchesPerEpoch: Int
    private let source: any PairSource
    private let order: EpochOrder
    private let aheadCount: Int
    private let queue = DispatchQueue(label: "promptir.batches", qos: .utility)
    private let state = Mutex(State())

    /// - Parameter aheadCount: batches to make in advance; 0 makes each when it is requested.
    package init(_ source: any PairSource, sampling: BatchSampling, aheadCount: Int = 2) {
        precondition(source.count > 0, "BatchLoader: a source without pairs")
        self.source = source
        self.sampling = sampling
        self.aheadCount = aheadCount
        batchesPerEpoch = sampling.batchesPerEpoch(pairCount: source.count)
        order = EpochOrder(count: source.count, shuffles: sampling.shuffles, seed: sampling.seed)
    }

    /// Returns the batch of a place. Its buffers are valid until the next call. After the last batch of an epoch, the
    /// first of the next one is made in advance.
    ///
    /// - Parameters:
    ///   - epoch: counted from 0.
    ///   - batch: below `batchesPerEpoch`.
    /// - Throws: the source's errors for one of the batch's pairs, `DatasetError.mixedSizes`, `OutOfMemory`.
    package func batch(epoch: Int, batch: Int) throws -> PairBatch {
        precondition(
            (0..<batchesPerEpoch).contains(batch), "BatchLoader: batch \(batch) of \(batchesPerEpoch)")
        let delivery = state.withLock { state in
            if let lent = state.lent {
                state.spare.append((lent.degraded, lent.clean))
                state.lent = nil
            }
            var wanted = [Place(epoch: epoch, batch: batch)]
            while wanted.count <= aheadCount {
                wanted.append(following(wanted[wanted.count - 1]))
            }
            // After a jump to another place, batches made in advance are dropped.
            state.deliveries = state.deliveries.filter { wanted.contains($0.key) }
            for place in wanted where state.deliveries[place] == nil {
                state.deliveries[place] = begin(place)
            }
            return state.deliveries.removeValue(forKey: wanted[0])
        }
        guard let delivery else { preconditionFailure("BatchLoader: a batch that was not begun") }
        let made = try delivery.take()
        state.withLock { $0.lent = made }
        return made
    }

    private func following(_ place: Place) -> Place {
        place.batch + 1 < batchesPerEpoch
            ? Place(epoch: place.epoch, batch: place.batch + 1) : Place(epoch: place.epoch + 1, batch: 0)
    }

    private func begin(_ place: Place) -> Delivery {
        let delivery = Delivery()
        queue.async { [self] in
            delivery.fulfil(Result { try make(place) })
        }
        return delivery
    }

    private func make(_ place: Place) throws -> PairBatch {
        let indices = order.indices(epoch: place.epoch)
        let pairs = try sampling.positions(batch: place.batch).map { position in
            try source.pair(
                at: indices[position % indices.count],
                PatchChoice(
                    sampling.extent, flips: sampling.flips, seed: sampling.seed, epoch: place.epoch,
                    position: position))
        }
        return try PairBatch(pairs, reusing: state.withLock { $0.spare.popLast() })
    }
}
