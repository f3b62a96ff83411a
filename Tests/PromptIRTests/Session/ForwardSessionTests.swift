import PromptIR
import ReferenceKernels
import Synchronization
import Tensors
import Testing

/// The whole network against its twin in double precision, and against itself.
@Suite struct ForwardSessionTests {
    static let tolerance = 1e-5

    @Test(arguments: [(1, 1), (1, 9), (9, 2), (4, 5), (7, 5), (8, 8), (9, 17), (16, 3), (33, 70)])
    func agreesWithItsTwinAtAnySize(height: Int, width: Int) throws {
        try compare(FormulaSource(.micro), height, width, "micro")
    }

    @Test func agreesOverSeveralStrips() throws {
        try compare(FormulaSource(.micro), 20, 202, "micro")
        try compare(FormulaSource(.tiny()), 34, 100, "tiny")
    }

    @Test func agreesForOtherConfigurations() throws {
        try compare(FormulaSource(.tiny(hasBiasFreeNorms: true)), 9, 14, "bias-free norms")
        try compare(FormulaSource(.micro) { _ in true }, 9, 14, "biases in every convolution")
        try compare(FormulaSource(tensorShapes: ConfigurationTests.unevenShapes), 9, 14, "uneven stages")
        var shapes = Configuration.micro.tensorShapes()
        shapes["prompt2.prompt_param"] = [1, 3, 16, 7, 12]
        shapes["prompt2.linear_layer.weight"] = [3, 32]
        shapes["prompt2.linear_layer.bias"] = [3]
        try compare(FormulaSource(tensorShapes: shapes), 24, 40, "a prompt that is not square")
    }

    /// Widths that fill no whole panels, and the wide ones that people train; one block everywhere.
    @Test(arguments: [4, 6, 12, 20, 56, 64]) func agreesForOtherWidths(dim: Int) throws {
        let configuration = ConfigurationTests.usual(
            dim: dim, blockCounts: [1, 1, 1, 1], refinementBlockCount: 1, heads: [1, 2, 2, 4],
            promptChannels: [10, 22, 40], promptSizes: [9, 5, 3], promptLength: 8)
        try compare(FormulaSource(configuration), dim > 32 ? 8 : 17, dim > 32 ? 8 : 24, "dim \(dim)")
    }

    /// However many threads, whatever the session did before.
    @Test(arguments: [(1, 1), (33, 70), (70, 150)]) func bitsAlwaysTheSame(height: Int, width: Int) throws {
        let network = try Network(weights: FormulaSource(.tiny()))
        let image = ImageTensor.formula(height: height, width: width)
        let once = try ForwardSession(network: network, threadCount: 1).forward(image)
        for threadCount in [1, 2, 3, 8] {
            let session = ForwardSession(network: network, threadCount: threadCount)
            for _ in 0..<2 { #expect(try session.forward(image).bits == once.bits, "\(threadCount) threads") }
            _ = try session.forward(.formula(height: 24, width: 130))
            #expect(try session.forward(image).bits == once.bits, "after another size")
            session.threadCount = 0
            #expect(session.threadCount == 1)
            #expect(try session.forward(image).bits == once.bits, "after another number of threads")
        }
    }

    /// Two sessions share a network, side by side.
    @Test func sessionsDoNotDisturbEachOther() async throws {
        let network = try Network(weights: FormulaSource(.micro))
        let images = [(16, 40), (33, 70), (8, 8)].map { ImageTensor.formula(height: $0.0, width: $0.1) }
        let alone = try images.map { try ForwardSession(network: network, threadCount: 1).forward($0).bits }
        try await withThrowingTaskGroup(of: (Int, [UInt32]).self) { group in
            for index in 0..<9 {
                group.addTask {
                    let session = ForwardSession(network: network, threadCount: 2)
                    return (index % 3, try session.forward(images[index % 3]).bits)
                }
            }
            for try await (index, bits) in group { #expect(bits == alone[index]) }
        }
    }

    /// Nothing is read that this pass has not written.
    @Test(arguments: [(1, 1), (17, 24), (34, 100)]) func memoryStartsAnew(height: Int, width: Int) throws {
        let image = ImageTensor.formula(height: height, width: width)
        let sources = [
            FormulaSource(.micro), FormulaSource(.tiny()), FormulaSource(.micro) { _ in true },
            FormulaSource(
                ConfigurationTests.usual(
                    dim: 12, blockCounts: [1, 2, 1, 1], refinementBlockCount: 2,
                    promptChannels: [12, 20, 36], promptSizes: [9, 5, 3])),
        ]
        for source in sources {
            let network = try Network(weights: source)
            for threadCount in [1, 3] {
                let session = ForwardSession(network: network, threadCount: threadCount)
                #expect(try session.forwardOverPoison(image).bits == session.forward(image).bits)
            }
        }
    }

    /// A damaged input shows; it does not turn into plausible pixels.
    @Test func notANumberStaysOne() throws {
        let network = try Network(weights: FormulaSource(.micro))
        var image = ImageTensor.formula(height: 16, width: 16)
        image.values[100] = .nan
        let output = try ForwardSession(network: network, threadCount: 1).forward(image)
        #expect(output.values.allSatisfy { $0.isNaN })
    }

    @Test func reportsProgress() throws {
        let network = try Network(weights: FormulaSource(.micro))
        let session = ForwardSession(network: network, threadCount: 2)
        let calls = Mutex(0)
        _ = try session.forward(.formula(height: 40, width: 40)) { calls.withLock { $0 += 1 } }
        #expect(calls.withLock { $0 } > 10)
    }

    private func compare(_ source: FormulaSource, _ height: Int, _ width: Int, _ label: String) throws {
        let image = ImageTensor.formula(height: height, width: width)
        let session = ForwardSession(network: try Network(weights: source), threadCount: 2)
        let output = try session.forward(image)
        #expect(output.height == height && output.width == width)
        let error = output.largestError(source.reference.forward(Planes(image)).values)
        print("\(label) at \(height)×\(width): largest error \(Float(error))")
        #expect(error <= Self.tolerance, "\(label) at \(height)×\(width)")
    }
}

extension ImageTensor {
    fileprivate var bits: [UInt32] { values.map(\.bitPattern) }
}
