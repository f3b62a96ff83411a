import Datasets
import Images
import Tensors
import TestSupport
import Testing
import Weather

@Suite("Batches")
struct BatchLoaderTests {
    private let fixture: PairFixture
    private let source: PairFolders

    init() throws {
        fixture = try PairFixture()
        try fixture.writeParallel(7)
        source = try PairFolders(fixture.path())
    }

    /// Names and values of a batch, copied: its buffers are lent.
    private struct Contents: Equatable {
        var names: [String]
        var degraded: [UInt8]
        var clean: [UInt8]

        init(_ batch: PairBatch) {
            names = batch.names
            let pixelCount = batch.height * batch.width
            /// Of the planes of floats in 0…1, the pixels of 8 bits that they were made of.
            func samples(_ buffer: AlignedBuffer) -> [UInt8] {
                (0..<batch.count).flatMap { picture in
                    (0..<3 * pixelCount).map { sample in
                        let plane = 3 * picture + sample % 3
                        return UInt8((buffer.base[plane * pixelCount + sample / 3] * 255).rounded())
                    }
                }
            }
            degraded = samples(batch.degraded)
            clean = samples(batch.clean)
        }
    }

    private func contents(
        _ loader: BatchLoader, epochs: Range<Int>
    ) throws -> [Contents] {
        try epochs.flatMap { epoch in
            try (0..<loader.batchesPerEpoch).map { Contents(try loader.batch(epoch: epoch, batch: $0)) }
        }
    }

    @Test(
        "Every pair is seen in every epoch, in another order; the last batch is filled up",
        arguments: [1, 2, 3, 7, 10])
    func epochs(batchCount: Int) throws {
        let loader = BatchLoader(
            source, sampling: BatchSampling(batchCount: batchCount, extent: .square(8), seed: 1))
        #expect(loader.batchesPerEpoch == (7 + batchCount - 1) / batchCount)
        let epochs = try (0..<3).map { try contents(loader, epochs: $0..<$0 + 1).flatMap(\.names) }
        for names in epochs {
            #expect(names.count == loader.batchesPerEpoch * batchCount)
            #expect(Set(names.prefix(7)).count == 7)
            #expect(names.dropFirst(7).elementsEqual(names.prefix(names.count - 7)))
        }
        #expect(epochs[0] != epochs[1])
    }

    @Test("Making ahead changes nothing", arguments: [0, 1, 2, 5])
    func ahead(aheadCount: Int) throws {
        let sampling = BatchSampling(batchCount: 2, extent: .square(8), seed: 5)
        let expected = try contents(BatchLoader(source, sampling: sampling, aheadCount: 0), epochs: 0..<3)
        #expect(
            try contents(BatchLoader(source, sampling: sampling, aheadCount: aheadCount), epochs: 0..<3)
                == expected)
    }

    @Test("A run that is resumed anywhere goes on the same way")
    func resumed() throws {
        let sampling = BatchSampling(batchCount: 2, extent: .square(8), seed: 5)
        let all = try contents(BatchLoader(source, sampling: sampling), epochs: 0..<3)
        for start in all.indices {
            let loader = BatchLoader(source, sampling: sampling)
            let rest = try (start..<all.count).map { step in
                Contents(
                    try loader.batch(
                        epoch: step / loader.batchesPerEpoch, batch: step % loader.batchesPerEpoch))
            }
            #expect(rest.elementsEqual(all[start...]))
        }
    }

    @Test("Jumping to and fro gives what is asked for")
    func jumps() throws {
        let sampling = BatchSampling(batchCount: 3, extent: .square(8), seed: 5)
        let all = try contents(BatchLoader(source, sampling: sampling), epochs: 0..<4)
        let loader = BatchLoader(source, sampling: sampling)
        for step in [5, 0, 0, 11, 3, 4, 2, 10] {
            let batch = try loader.batch(
                epoch: step / loader.batchesPerEpoch, batch: step % loader.batchesPerEpoch)
            #expect(Contents(batch) == all[step])
        }
    }

    @Test("Ranks share out the batches of one", arguments: [2, 4])
    func ranks(rankCount: Int) throws {
        func sampling(_ rank: Int, of count: Int) -> BatchSampling {
            BatchSampling(batchCount: 4, extent: .square(8), seed: 8, rank: rank, rankCount: count)
        }
        let alone = try contents(BatchLoader(source, sampling: sampling(0, of: 1)), epochs: 0..<2)
        let shares = try (0..<rankCount).map {
            try contents(BatchLoader(source, sampling: sampling($0, of: rankCount)), epochs: 0..<2)
        }
        for step in alone.indices {
            #expect(shares.flatMap { $0[step].names } == alone[step].names)
            #expect(shares.flatMap { $0[step].degraded } == alone[step].degraded)
        }
    }

    @Test("Without shuffling the order is that of the names")
    func unshuffled() throws {
        let sampling = BatchSampling(batchCount: 7, extent: .full, flips: false, shuffles: false, seed: 1)
        let found = try contents(BatchLoader(source, sampling: sampling), epochs: 0..<1)[0]
        #expect(found.names == (0..<7).map { "p\($0).png" })
        let pixels = (0..<7).flatMap { PairFixture.pixels(number: 2 * $0, width: 24, height: 16).samples }
        #expect(found.degraded == pixels)
    }

    @Test("Planes are red, green, blue, divided by 255")
    func planes() throws {
        let sampling = BatchSampling(batchCount: 1, extent: .full, flips: false, shuffles: false, seed: 1)
        let batch = try BatchLoader(source, sampling: sampling).batch(epoch: 0, batch: 3)
        #expect(batch.height == 16 && batch.width == 24)
        #expect(batch.clean.base[5] == Float(5) / 255)
        #expect(batch.clean.base[24 * 16 + 24 * 9] == Float(9) / 255)
        #expect(batch.clean.base[2 * 24 * 16 + 11] == Float(7) / 255)
    }

    @Test("Buffers are used again")
    func buffers() throws {
        let loader = BatchLoader(source, sampling: BatchSampling(batchCount: 2, extent: .square(16), seed: 1))
        var seen: Set<ObjectIdentifier> = []
        var held: [PairBatch] = []
        for epoch in 0..<6 {
            for index in 0..<loader.batchesPerEpoch {
                let batch = try loader.batch(epoch: epoch, batch: index)
                // Held, so that no address comes again by accident.
                held.append(batch)
                seen.insert(ObjectIdentifier(batch.degraded))
            }
        }
        #expect(seen.count <= 5)
    }

    @Test("An error comes with the batch that has it, and again when asked again")
    func errors() throws {
        try fixture.write("degraded/p3.png", bytes: [1, 2, 3])
        let sampling = BatchSampling(batchCount: 1, extent: .full, shuffles: false, seed: 1)
        let loader = BatchLoader(source, sampling: sampling)
        for index in 0..<3 { _ = try loader.batch(epoch: 0, batch: index) }
        for _ in 0..<2 {
            #expect(throws: DatasetError.self) { try loader.batch(epoch: 0, batch: 3) }
        }
        #expect(try loader.batch(epoch: 0, batch: 4).names == ["p4.png"])
    }

    @Test("Whole pictures of different sizes cannot share a batch")
    func mixed() throws {
        try fixture.write("degraded/p6.png", width: 32, height: 16)
        try fixture.write("clean/p6.png", width: 32, height: 16)
        let loader = BatchLoader(source, sampling: BatchSampling(batchCount: 7, extent: .full, seed: 1))
        #expect(throws: DatasetError.self) { try loader.batch(epoch: 0, batch: 0) }
    }
}
