import Kernels
import PromptIR
import ReferenceKernels
import Tensors
import TestSupport
import Testing

/// The whole network in bfloat16 and in int8 against its twin in double precision, and against itself.
@Suite struct ReducedPrecisionTests {
    static let precisions: [Precision] =
        [.bfloat16, .int8] + (Processor.hasMatrixUnit ? [.bfloat16AMX] : [])

    /// Of the formula's networks, whose weights are random and whose features reach 15: the largest differences were
    /// 0.0145, 0.0217 and 0.043. Those of the shipped network are judged by pictures (`PrecisionTests`).
    private static func tolerance(_ precision: Precision) -> Double {
        switch precision {
        case .float32: 0
        case .bfloat16: 0.02
        case .bfloat16AMX: 0.03
        case .int8: 0.06
        }
    }

    init() { BFloat16Emulation.begin() }

    @Test(arguments: [(1, 1), (9, 2), (7, 5), (16, 3), (33, 70), (20, 202)], precisions)
    func agreesWithItsTwin(size: (height: Int, width: Int), precision: Precision) throws {
        let (height, width) = size
        let uneven = FormulaSource(tensorShapes: ConfigurationTests.unevenShapes)
        for source in [FormulaSource(.micro), FormulaSource(.micro) { _ in true }, uneven] {
            let image = ImageTensor.formula(height: height, width: width)
            let network = try Network(weights: source, precision: precision)
            let output = try ForwardSession(network: network, threadCount: 2).forward(image)
            let error = output.largestError(source.reference.forward(Planes(image)).values)
            print("\(precision) at \(height)×\(width): largest error \(Float(error))")
            #expect(error <= Self.tolerance(precision))
        }
    }

    /// However many threads, whatever the session did before.
    @Test(arguments: [(1, 1), (33, 70), (70, 150)], precisions)
    func bitsAlwaysTheSame(size: (height: Int, width: Int), precision: Precision) throws {
        let (height, width) = size
        let network = try Network(weights: FormulaSource(.tiny()), precision: precision)
        let image = ImageTensor.formula(height: height, width: width)
        let once = try ForwardSession(network: network, threadCount: 1).forward(image)
        for threadCount in [1, 2, 3, 8] {
            let session = ForwardSession(network: network, threadCount: threadCount)
            for _ in 0..<2 { #expect(try session.forward(image) == once, "\(threadCount) threads") }
            _ = try session.forward(.formula(height: 24, width: 130))
            #expect(try session.forward(image) == once, "after another size")
        }
    }

    /// Nothing is read that this pass has not written.
    @Test(arguments: [(1, 1), (17, 24), (34, 100)], precisions)
    func memoryStartsAnew(size: (height: Int, width: Int), precision: Precision) throws {
        let (height, width) = size
        let image = ImageTensor.formula(height: height, width: width)
        let sources = [
            FormulaSource(.micro), FormulaSource(.tiny()),
            FormulaSource(
                ConfigurationTests.usual(
                    dim: 12, blockCounts: [1, 2, 1, 1], refinementBlockCount: 2,
                    promptChannels: [12, 20, 36], promptSizes: [9, 5, 3])),
        ]
        for source in sources {
            let network = try Network(weights: source, precision: precision)
            for threadCount in [1, 3] {
                let session = ForwardSession(network: network, threadCount: threadCount)
                #expect(try session.forwardOverPoison(image) == session.forward(image))
            }
        }
    }

    @Test(arguments: precisions) func notANumberStaysOne(precision: Precision) throws {
        var image = ImageTensor.formula(height: 16, width: 16)
        image.values[100] = .nan
        let network = try Network(weights: FormulaSource(.micro), precision: precision)
        let session = ForwardSession(network: network, threadCount: 1)
        #expect(try session.forward(image).values.allSatisfy { $0.isNaN })
    }

    /// All features take half the memory; the threads' scratch hardly less.
    @Test(arguments: precisions) func takesHalfTheMemory(precision: Precision) throws {
        func byteCount(_ precision: Precision) throws -> Int {
            ForwardSession.workingByteCount(
                network: try Network(weights: FormulaSource(.tiny()), precision: precision), height: 256,
                width: 256, threadCount: 1)
        }
        #expect(try Double(byteCount(precision)) <= 0.6 * Double(byteCount(.float32)))
    }

    @Test func aPrecisionWithoutInstructionsSaysSo() {
        let error = NetworkError.unsupportedPrecision(.bfloat16, missing: "AVX512_BF16")
        #expect(error.description.contains("precision bfloat16: this processor lacks AVX512_BF16; choose"))
    }
}
