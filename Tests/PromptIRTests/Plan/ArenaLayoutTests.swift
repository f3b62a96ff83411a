import PromptIR
import Testing

/// Buffers share memory only where they do not share a step.
@Suite struct ArenaLayoutTests {
    static let sizes = [(1, 1), (8, 200), (40, 72), (75, 31), (256, 256), (720, 1280), (1, 5000)]

    @Test(arguments: [
        Configuration.micro, .tiny(), ConfigurationTests.usual(dim: 12, blockCounts: [1, 2, 1, 3]),
    ])
    func liveBuffersNeverOverlap(configuration: Configuration) throws {
        let network = try Network(weights: FormulaSource(configuration))
        for (height, width) in Self.sizes {
            let (buffers, arenaCount) = ForwardSession.arenaBuffers(
                network: network, height: height, width: width)
            for (index, a) in buffers.enumerated() {
                #expect(a.floats.lowerBound >= 0 && a.floats.upperBound <= arenaCount)
                #expect(a.floats.lowerBound % 16 == 0 && !a.floats.isEmpty)
                for b in buffers[(index + 1)...] where a.steps.overlaps(b.steps) {
                    #expect(!a.floats.overlaps(b.floats), "\(a) and \(b) at \(height)×\(width)")
                }
            }
        }
    }

    /// The arena is hardly larger than what is alive at once.
    @Test func wastesLittle() throws {
        let network = try Network(weights: FormulaSource(.tiny()))
        for (height, width) in Self.sizes {
            let (buffers, arenaCount) = ForwardSession.arenaBuffers(
                network: network, height: height, width: width)
            let lastStep = buffers.map(\.steps.upperBound).max() ?? 0
            let needed =
                (0...lastStep).map { step in
                    buffers.filter { $0.steps.contains(step) }.reduce(0) { $0 + $1.floats.count }
                }.max() ?? 0
            print("arena at \(height)×\(width): \(arenaCount) floats, at most \(needed) alive at once")
            #expect(arenaCount >= needed)
            #expect(Double(arenaCount) <= 1.25 * Double(needed))
        }
    }

    @Test(arguments: [1, 2, 5]) func estimateIsWhatIsAllocated(threadCount: Int) throws {
        let network = try Network(weights: FormulaSource(.micro))
        let session = ForwardSession(network: network, threadCount: threadCount)
        #expect(session.allocatedByteCount == 0)
        for (height, width) in [(1, 1), (17, 40), (70, 150)] {
            _ = try session.forward(.formula(height: height, width: width))
            #expect(
                session.allocatedByteCount
                    == ForwardSession.workingByteCount(
                        network: network, height: height, width: width, threadCount: threadCount))
        }
    }

    /// An announced size, and every smaller one, runs in the arena of the first pass.
    @Test func oneArenaServesAllSizes() throws {
        let network = try Network(weights: FormulaSource(.micro))
        func byteCount(_ height: Int, _ width: Int) -> Int {
            ForwardSession.workingByteCount(network: network, height: height, width: width, threadCount: 2)
        }
        let session = ForwardSession(network: network, threadCount: 2)
        session.expect(workingByteCount: byteCount(70, 150))
        #expect(session.allocatedByteCount == 0)
        for (height, width) in [(17, 40), (70, 150), (1, 1)] {
            _ = try session.forward(.formula(height: height, width: width))
            #expect(session.allocatedByteCount == byteCount(70, 150))
        }
        _ = try session.forward(.formula(height: 150, width: 70 * 2))
        #expect(session.allocatedByteCount == byteCount(150, 140))
        session.release()
        #expect(session.allocatedByteCount == 0)
    }
}
