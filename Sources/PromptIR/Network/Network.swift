import Dispatch
import Kernels
import Synchronization
import Tensors

/// A PromptIR network with its weights packed for the processor (arXiv 2306.13090). Immutable, shared by every
/// session.
package final class Network: Sendable {
    package let configuration: Configuration
    /// Known tensors of the checkpoint that the forward pass never uses.
    package let unusedTensors: [String]

    let stages: [String: [TransformerBlock]]
    let convolutions: [String: Convolution3x3]
    let pointwise: [String: PointwiseConvolution]
    let prompts: [PromptMixture]
    let output: OutputConvolution

    /// Reads every width and depth from the tensors' shapes, checks them, and packs the weights on all cores.
    ///
    /// - Throws: `NetworkError` for tensors that do not fit and for a processor that cannot run the kernels; the
    ///   source's own error where a tensor cannot be read.
    package init(weights: some WeightSource) throws {
        let missing = Processor.missingFeatures
        guard missing.isEmpty else {
            throw NetworkError.unsupportedProcessor(missing: missing.joined(separator: ", "))
        }
        let reader = WeightReader(weights)
        configuration = try Configuration(tensorShapes: reader.shapes)
        unusedTensors = Configuration.unusedTensors(in: reader.shapes)
        do {
            stages = try Self.readStages(configuration, reader)
            convolutions = try Self.readConvolutions(reader)
            var pointwise: [String: PointwiseConvolution] = [:]
            for name in [
                "reduce_chan_level3", "reduce_chan_level2", "reduce_noise_level3", "reduce_noise_level2",
                "reduce_noise_level1",
            ] {
                pointwise[name] = try reader.pointwise(name)
            }
            self.pointwise = pointwise
            output = try reader.outputConvolution("output")
            prompts = try configuration.prompts.enumerated().map { index, prompt in
                try reader.prompt("prompt\(index + 1)", prompt)
            }
        } catch let error as OutOfMemory {
            throw NetworkError.outOfMemory(byteCount: error.byteCount)
        }
    }

    private static func readStages(
        _ configuration: Configuration, _ reader: WeightReader
    ) throws -> [String: [TransformerBlock]] {
        let jobs = configuration.stages.flatMap { stage in
            (0..<stage.blockCount).map { index in
                (
                    stage: stage,
                    name: stage.name.hasPrefix("noise_level") ? stage.name : "\(stage.name).\(index)"
                )
            }
        }
        let results = Mutex<[Int: Result<TransformerBlock, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: jobs.count) { index in
            let job = jobs[index]
            let result = Result { try TransformerBlock(job.name, stage: job.stage, reader: reader) }
            results.withLock { $0[index] = result }
        }
        let blocks = results.withLock { $0 }
        var stages: [String: [TransformerBlock]] = [:]
        for (index, job) in jobs.enumerated() {
            guard let block = blocks[index] else { preconditionFailure("block \(job.name) was not read") }
            stages[job.stage.name, default: []].append(try block.get())
        }
        return stages
    }

    private static func readConvolutions(_ reader: WeightReader) throws -> [String: Convolution3x3] {
        var convolutions: [String: Convolution3x3] = [:]
        convolutions["patch_embed.proj"] = try reader.convolution(
            "patch_embed.proj", inputStride: PaddedImage.stride)
        for name in ["down1_2.body.0", "down2_3.body.0", "down3_4.body.0"] {
            convolutions[name] = try reader.convolution(name, rearrangement: .unshuffle)
        }
        for name in ["up4_3.body.0", "up3_2.body.0", "up2_1.body.0"] {
            convolutions[name] = try reader.convolution(name, rearrangement: .shuffle)
        }
        for name in ["prompt1.conv3x3", "prompt2.conv3x3", "prompt3.conv3x3"] {
            convolutions[name] = try reader.convolution(name)
        }
        return convolutions
    }
}
