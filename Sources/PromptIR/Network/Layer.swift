import Kernels

/// A module of the topology with its weights packed.
enum Layer: Sendable {
    case convolution(Convolution3x3)
    case stage([TransformerBlock])
    case prompt(PromptMixture, Convolution3x3)
    case reduce(PointwiseConvolution, to: Int)
    case keep
    case join
    case output(OutputConvolution)
}

extension WeightReader {
    /// Reads the layer of a module. Traps if a block is missing.
    ///
    /// - Parameter blocks: the blocks of all stages, by name.
    func layer(_ module: Topology.Module, blocks: [String: TransformerBlock]) throws -> Layer {
        switch module.kind {
        case .embed:
            return .convolution(try imageConvolution(module.convolution))
        case .stage(let stage):
            return .stage(
                stage.blockNames.map { name in
                    guard let block = blocks[name] else { preconditionFailure("block \(name) was not read") }
                    return block
                })
        case .down: return .convolution(try convolution(module.convolution, rearrangement: .unshuffle))
        case .up: return .convolution(try convolution(module.convolution, rearrangement: .shuffle))
        case .prompt(let prompt):
            return .prompt(try self.prompt(module.name, prompt), try convolution(module.convolution))
        case .reduce(_, _, let channels): return .reduce(try pointwise(module.name), to: channels)
        case .keep: return .keep
        case .join: return .join
        case .output: return .output(try outputConvolution(module.name))
        }
    }
}
