/// The modules of a PromptIR network in the order in which they run (arXiv 2306.13090, figure 2), with their
/// names in the checkpoint and their widths. All code that reads, builds or runs a network iterates over this
/// list.
package struct Topology: Sendable, Equatable {
    package struct Module: Sendable, Equatable {
        /// The name in the checkpoint, such as `encoder_level1`. Modules without tensors have one, too.
        package let name: String
        /// The level, from 1 at full size to 4 at an eighth. A module that changes the size belongs to the
        /// level that it leads to.
        package let level: Int
        package let kind: Kind

        /// The name of the convolution that the module is or contains.
        package var convolution: String {
            switch kind {
            case .embed: "\(name).proj"
            case .down, .up: "\(name).body.0"
            case .prompt: "\(name).conv3x3"
            case .stage, .reduce, .keep, .join, .output: name
            }
        }
    }

    package enum Kind: Sendable, Equatable {
        /// A 3×3 convolution of the image.
        case embed(channels: Int)
        /// Transformer blocks.
        case stage(Configuration.Stage)
        /// A 3×3 convolution that halves the channels, and a pixel unshuffle.
        case down(channels: Int)
        /// A 3×3 convolution that doubles the channels, and a pixel shuffle.
        case up(channels: Int)
        /// The prompt that the features choose is convolved 3×3 and joined to them.
        case prompt(Configuration.Prompt)
        /// A 1×1 convolution of features that were joined to others.
        case reduce(Joined, channels: Int, to: Int)
        /// The features are kept for the `join` of the same level.
        case keep
        /// The kept features are joined to those of the decoder.
        case join
        /// A 3×3 convolution to the image's channels; the image is added.
        case output(channels: Int)
    }

    /// What the features were joined to.
    package enum Joined: Sendable, Equatable {
        case skip
        case prompt
    }

    package let modules: [Module]

    package init(_ configuration: Configuration) {
        modules =
            [
                Module(name: "patch_embed", level: 1, kind: .embed(channels: configuration.dim))
            ] + Self.encoder(configuration)
            + (1...3).reversed().flatMap { Self.decoder(configuration, level: $0) }
            + [
                Module(name: "refinement", level: 1, kind: .stage(configuration.refinement)),
                Module(name: "output", level: 1, kind: .output(channels: configuration.refinement.channels)),
            ]
    }

    /// Returns the modules from the embedded image to the latent features.
    private static func encoder(_ configuration: Configuration) -> [Module] {
        configuration.encoder.enumerated().flatMap { index, stage in
            let level = index + 1
            var modules = [Module(name: stage.name, level: level, kind: .stage(stage))]
            if level < configuration.encoder.count {
                modules += [
                    Module(name: "skip\(level)", level: level, kind: .keep),
                    Module(
                        name: "down\(level)_\(level + 1)", level: level + 1,
                        kind: .down(channels: stage.channels)),
                ]
            }
            return modules
        }
    }

    /// Returns the modules from the features of the level below, through their prompt, up to this level's
    /// decoder.
    private static func decoder(_ configuration: Configuration, level: Int) -> [Module] {
        let noise = configuration.noise[level - 1]
        let stage = configuration.decoder[level - 1]
        let skip = configuration.channels(level: level)
        let reduced = configuration.channels(level: level == 1 ? 2 : 3)
        var modules = [
            Module(name: "prompt\(level)", level: level + 1, kind: .prompt(configuration.prompts[level - 1])),
            Module(name: noise.name, level: level + 1, kind: .stage(noise)),
            Module(
                name: "reduce_\(noise.name)", level: level + 1,
                kind: .reduce(.prompt, channels: noise.channels, to: reduced)),
            Module(name: "up\(level + 1)_\(level)", level: level, kind: .up(channels: reduced)),
            Module(name: "skip\(level)", level: level, kind: .join),
        ]
        // At full size, the joined features already have the decoder's width.
        if level > 1 {
            modules.append(
                Module(
                    name: "reduce_chan_level\(level)", level: level,
                    kind: .reduce(.skip, channels: reduced / 2 + skip, to: stage.channels)))
        }
        return modules + [Module(name: stage.name, level: level, kind: .stage(stage))]
    }

    /// All stages in the order in which they run.
    package var stages: [Configuration.Stage] {
        modules.compactMap { if case .stage(let stage) = $0.kind { stage } else { nil } }
    }

    /// The modules in the order in which checkpoints list their tensors: by kind, as PromptIR's definition does.
    var inCheckpointOrder: [Module] {
        func rank(_ module: Module) -> (Int, Int) {
            switch module.kind {
            case .embed: (0, 0)
            case .stage: (1, 0)
            case .prompt: (2, module.level)
            case .down: (3, 0)
            case .up: (4, 0)
            case .reduce(.skip, _, _): (5, 0)
            case .reduce(.prompt, _, _): (6, 0)
            case .output: (7, 0)
            case .keep, .join: (8, 0)
            }
        }
        return modules.sorted { rank($0) < rank($1) }
    }
}
