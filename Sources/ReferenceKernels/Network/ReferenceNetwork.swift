/// A plain implementation of PromptIR (arXiv 2306.13090, figure 2) on the reference operations. It reads every width
/// from the tensors' shapes independently, so it also checks how `PromptIR` reads the configuration. It is slow and
/// meant for small networks and images.
package struct ReferenceNetwork: Sendable {
    package let tensors: [String: ReferenceTensor]

    package init(tensors: [String: ReferenceTensor]) {
        self.tensors = tensors
    }

    /// Pads an image of any size to multiples of 8, restores it, and crops it. Nothing is clamped.
    ///
    /// - Parameters:
    ///   - image: (3, H, W).
    ///   - onStage: called with each module's name and output.
    /// - Returns: (3, H, W).
    package func forward(_ image: Planes, onStage: (String, Planes) -> Void = { _, _ in }) -> Planes {
        func kept(_ name: String, _ features: Planes) -> Planes {
            onStage(name, features)
            return features
        }
        func stage(_ name: String, _ features: Planes) -> Planes { kept(name, blocks(name, features)) }
        func down(_ name: String, _ features: Planes) -> Planes {
            kept(name, Reference.pixelUnshuffle(convolution3x3("\(name).body.0", features)))
        }
        func up(_ name: String, _ features: Planes) -> Planes {
            kept(name, Reference.pixelShuffle(convolution3x3("\(name).body.0", features)))
        }
        func reduce(_ name: String, _ features: Planes) -> Planes { kept(name, pointwise(name, features)) }
        func prompted(_ level: Int, _ features: Planes) -> Planes {
            let prompt = kept("prompt\(level)", prompt("prompt\(level)", features))
            let name = "noise_level\(level)"
            return reduce("reduce_\(name)", kept(name, block(name, features.joined(with: prompt))))
        }

        let padded = Reference.padded(image, toMultipleOf: 8)
        let skip1 = stage("encoder_level1", kept("patch_embed", convolution3x3("patch_embed.proj", padded)))
        let skip2 = stage("encoder_level2", down("down1_2", skip1))
        let skip3 = stage("encoder_level3", down("down2_3", skip2))
        let latent = stage("latent", down("down3_4", skip3))

        var features = up("up4_3", prompted(3, latent)).joined(with: skip3)
        features = stage("decoder_level3", reduce("reduce_chan_level3", features))
        features = up("up3_2", prompted(2, features)).joined(with: skip2)
        features = stage("decoder_level2", reduce("reduce_chan_level2", features))
        features = up("up2_1", prompted(1, features)).joined(with: skip1)
        features = stage("refinement", stage("decoder_level1", features))
        let output = kept("output", convolution3x3("output", features))
        return Reference.cropped(output + padded, height: image.height, width: image.width)
    }

    // MARK: - Parts

    private func blocks(_ name: String, _ features: Planes) -> Planes {
        var features = features
        var index = 0
        while tensors["\(name).\(index).attn.temperature"] != nil {
            features = block("\(name).\(index)", features)
            index += 1
        }
        return features
    }

    private func block(_ name: String, _ features: Planes) -> Planes {
        let attention = Reference.ChannelAttentionWeights(
            temperature: values("\(name).attn.temperature"), qkv: filter("\(name).attn.qkv"),
            depthwise: filter("\(name).attn.qkv_dwconv"), projectOut: filter("\(name).attn.project_out"))
        let feedForward = Reference.FeedForwardWeights(
            hiddenChannels: tensor("\(name).ffn.project_out.weight").shape[1],
            projectIn: filter("\(name).ffn.project_in"), depthwise: filter("\(name).ffn.dwconv"),
            projectOut: filter("\(name).ffn.project_out"))
        let attended = features + Reference.channelAttention(norm("\(name).norm1", features), attention)
        return attended + Reference.feedForward(norm("\(name).norm2", attended), feedForward)
    }

    private func norm(_ name: String, _ features: Planes) -> Planes {
        Reference.layerNorm(
            features, weight: values("\(name).body.weight"), bias: tensors["\(name).body.bias"]?.values)
    }

    private func prompt(_ name: String, _ features: Planes) -> Planes {
        let parameter = tensor("\(name).prompt_param")
        let (count, channels) = (parameter.shape[1], parameter.shape[2])
        let (height, width) = (parameter.shape[3], parameter.shape[4])
        let size = channels * height * width
        let components = (0..<count).map {
            Planes(
                channels: channels, height: height, width: width,
                values: Array(parameter.values[$0 * size..<($0 + 1) * size]))
        }
        let mixed = Reference.prompt(
            features,
            Reference.PromptWeights(components: components, linear: filter("\(name).linear_layer")))
        return convolution3x3("\(name).conv3x3", mixed)
    }

    private func convolution3x3(_ name: String, _ features: Planes) -> Planes {
        Reference.convolution3x3(
            features, outputChannels: tensor("\(name).weight").shape[0], filter(name))
    }

    private func pointwise(_ name: String, _ features: Planes) -> Planes {
        Reference.pointwise(features, outputChannels: tensor("\(name).weight").shape[0], filter(name))
    }

    private func filter(_ name: String) -> Reference.Filter {
        Reference.Filter(values("\(name).weight"), bias: tensors["\(name).bias"]?.values)
    }

    private func values(_ name: String) -> [Double] { tensor(name).values }

    /// Traps if there is none.
    private func tensor(_ name: String) -> ReferenceTensor {
        guard let tensor = tensors[name] else { preconditionFailure("ReferenceNetwork: no tensor \(name)") }
        return tensor
    }
}
