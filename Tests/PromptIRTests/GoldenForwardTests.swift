import Foundation
import PromptIR
import Tensors
import TestSupport
import Testing

/// The network against PyTorch in float64: every vector within 1e-5.
@Suite(.enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)), .serialized)
struct GoldenForwardTests {
    static let tolerance: Float = 1e-5

    static func npy(_ name: String) throws -> [Float] {
        let data = try Data(contentsOf: URL(fileURLWithPath: SharedFolder.path("golden/\(name).npy")))
        let header = Int(data[8]) + Int(data[9]) * 256
        return data.dropFirst(10 + header).withUnsafeBytes { raw in
            (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
        }
    }

    static func largestError(
        _ network: Network, count: Int, height: Int, width: Int, expected: [Float], threadCount: Int = 2
    ) throws -> Float {
        let images = Formula.image(count: count, height: height, width: width)
        let session = ForwardSession(network: network, threadCount: threadCount)
        var largest: Float = 0
        let size = 3 * height * width
        for index in 0..<count {
            let input = ImageTensor(
                height: height, width: width, values: Array(images[index * size..<(index + 1) * size]))
            let output = try session.forward(input)
            for (a, b) in zip(output.values, expected[index * size..<(index + 1) * size]) {
                largest = max(largest, a.isNaN ? .infinity : abs(a - b))
            }
        }
        return largest
    }

    @Test func publishedNetwork() throws {
        let network = try Network(weights: FormulaSource(.published))
        for (height, width) in [(8, 8), (40, 72), (64, 64), (128, 96)] {
            let error = try Self.largestError(
                network, count: 1, height: height, width: width, expected: Self.npy("full-\(height)x\(width)")
            )
            print("full-\(height)x\(width): largest error \(error)")
            #expect(error <= Self.tolerance)
        }
    }

    @Test func smallNetworks() throws {
        let unbiased = ["down", "up", "prompt", "patch_embed"]
        let variants: [(String, Int, Int, FormulaSource)] = [
            ("tiny-48x64", 48, 64, FormulaSource(.tiny())),
            ("tiny-biasfree-norm-48x64", 48, 64, FormulaSource(.tiny(hasBiasFreeNorms: true))),
            (
                "tiny-conv-bias-48x64", 48, 64,
                FormulaSource(.tiny()) { name in !unbiased.contains { name.hasPrefix($0) } }
            ),
            ("micro-32x40", 32, 40, FormulaSource(.micro)),
        ]
        for (name, height, width, source) in variants {
            let error = try Self.largestError(
                Network(weights: source), count: 2, height: height, width: width, expected: Self.npy(name))
            print("\(name): largest error \(error)")
            #expect(error <= Self.tolerance, "\(name)")
        }
    }
}
