import Dispatch
import Kernels
import Synchronization
import Tensors

/// A PromptIR network with its weights packed for the processor (arXiv 2306.13090). It is immutable and
/// shared by all sessions.
package final class Network: Sendable {
    package let configuration: Configuration
    /// The type of the products' operands.
    package let precision: Precision
    /// Known tensors of the checkpoint that the forward pass never uses.
    package let unusedTensors: [String]

    /// The topology's modules and their layers, in the order in which they run.
    let modules: [(module: Topology.Module, layer: Layer)]

    /// Reads all widths and depths from the tensors' shapes, checks them, and packs the weights on all cores.
    ///
    /// - Throws: `NetworkError` if tensors do not fit or the processor cannot run the kernels, or not those of this
    ///   precision; the source's own error if a tensor cannot be read.
    package init(weights: some WeightSource, precision: Precision = .float32) throws {
        let missing = Processor.missingFeatures
        guard missing.isEmpty else {
            throw NetworkError.unsupportedProcessor(missing: missing.joined(separator: ", "))
        }
        let lacking = Processor.missingFeatures(for: precision)
        guard lacking.isEmpty else {
            throw NetworkError.unsupportedPrecision(precision, missing: lacking.joined(separator: ", "))
        }
        self.precision = precision
        let reader = WeightReader(weights, precision: precision)
        configuration = try Configuration(tensorShapes: reader.shapes)
        unusedTensors = Configuration.unusedTensors(in: reader.shapes)
        do {
            let topology = Topology(configuration)
            let blocks = try Self.readBlocks(topology, reader)
            modules = try topology.modules.map { ($0, try reader.layer($0, blocks: blocks)) }
        } catch let error as OutOfMemory {
            throw NetworkError.outOfMemory(byteCount: error.byteCount)
        }
    }

    /// Reads the transformer blocks, which have most of the weights, concurrently. Returns them by name.
    private static func readBlocks(
        _ topology: Topology, _ reader: WeightReader
    ) throws -> [String: TransformerBlock] {
        let jobs = topology.stages.flatMap { stage in stage.blockNames.map { (name: $0, stage: stage) } }
        let results = Mutex<[Int: Result<TransformerBlock, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: jobs.count) { index in
            let job = jobs[index]
            let result = Result { try TransformerBlock(job.name, stage: job.stage, reader: reader) }
            results.withLock { $0[index] = result }
        }
        let read = results.withLock { $0 }
        var blocks: [String: TransformerBlock] = [:]
        // The results are read in order, so that of several errors always the same one is thrown.
        for (index, job) in jobs.enumerated() { blocks[job.name] = try read[index]?.get() }
        return blocks
    }
}
