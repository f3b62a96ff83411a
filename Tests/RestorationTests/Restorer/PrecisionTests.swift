import Files
import Images
import Kernels
import PromptIR
import Restoration
import RestorationTestSupport
import Tensors
import TestSupport
import Testing

/// What bfloat16 and int8 change in pictures that the shipped network restores.
@Suite("Precision")
struct PrecisionTests {
    private func restore(_ bytes: [UInt8], _ network: Network) throws -> Picture {
        let restorer = Restorer(network: network, options: RestorationOptions())
        let session = ForwardSession(network: network, threadCount: 2)
        return try PictureCodec.decode(restorer.restore(bytes, session: session).bytes)
    }

    @Test(
        "bfloat16: 99.9 % of the samples within one level, PSNR within 0.01 dB", arguments: ["rain", "snow"])
    func bfloat16(name: String) throws {
        try compare(name, .bfloat16, beyondOneLevel: 0.001, psnr: 0.01)
        if Processor.hasMatrixUnit { try compare(name, .bfloat16AMX, beyondOneLevel: 0.001, psnr: 0.01) }
    }

    @Test("int8: 98 % of the samples within one level, PSNR within 0.05 dB", arguments: ["rain", "snow"])
    func int8(name: String) throws { try compare(name, .int8, beyondOneLevel: 0.02, psnr: 0.05) }

    private func compare(
        _ name: String, _ precision: Precision, beyondOneLevel: Double, psnr limit: Double
    ) throws {
        BFloat16Emulation.begin()
        let folder = SharedFolder.packageRoot.appendingPathComponent("docs/examples")
        func file(_ part: String) throws -> [UInt8] {
            try WholeFiles.read(Path(folder.appendingPathComponent("\(part)/\(name).png").path))
        }
        let degraded = try file("degraded")
        let clean = try PictureCodec.decode(file("clean"))
        let exact = try restore(degraded, TestModel.network.get())
        let rounded = try restore(degraded, Model.load(TestModel.path, precision: precision).network)
        guard case .eightBit(let expected) = exact.samples, case .eightBit(let samples) = rounded.samples
        else {
            Issue.record("the depth changed")
            return
        }
        #expect(expected != samples, "the precision had no effect")
        let beyond = zip(expected, samples).count { abs(Int($0) - Int($1)) > 1 }
        let (before, after) = (
            try ImageMetrics.scores(exact, clean), try ImageMetrics.scores(rounded, clean)
        )
        print(
            "\(precision), \(name): \(beyond) of \(samples.count) samples beyond one level, PSNR \(before.psnr) and \(after.psnr)"
        )
        #expect(Double(beyond) <= beyondOneLevel * Double(samples.count))
        #expect(abs(before.psnr - after.psnr) <= limit)
    }

    @Test(
        "12 megapixels need at most 1.6 GB beside the picture, 24 at most 3.2 GB",
        arguments: [Precision.bfloat16, .int8])
    func memory(precision: Precision) throws {
        BFloat16Emulation.begin()
        let network = try Model.load(TestModel.path, precision: precision).network
        for (height, width, limit) in [(3000, 4000, 1_600_000_000), (4000, 6000, 3_200_000_000)] {
            let byteCount = ForwardSession.workingByteCount(
                network: network, height: height, width: width, threadCount: 2)
            print("\(precision), \(width)×\(height): \(byteCount) bytes of working memory")
            #expect(byteCount <= limit)
        }
    }
}
