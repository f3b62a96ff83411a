import Kernels
import Tensors

/// A transformer block: `x += attention(norm1(x)); x += ffn(norm2(x))` (arXiv 2111.09881, figure 2).
struct TransformerBlock: Sendable {
    let channels: Int
    let attention: ChannelAttention
    let feedForward: FeedForward

    init(_ name: String, stage: Configuration.Stage, reader: WeightReader) throws {
        channels = stage.channels
        attention = try ChannelAttention(
            channels: stage.channels, heads: stage.heads,
            weights: ChannelAttention.Weights(
                norm: try reader.norm("\(name).norm1"),
                temperature: try reader.floats("\(name).attn.temperature"),
                qkv: try reader.floats("\(name).attn.qkv.weight"),
                qkvBias: try reader.optional("\(name).attn.qkv.bias"),
                depthwise: try reader.floats("\(name).attn.qkv_dwconv.weight"),
                depthwiseBias: try reader.optional("\(name).attn.qkv_dwconv.bias"),
                projectOut: try reader.floats("\(name).attn.project_out.weight"),
                projectOutBias: try reader.optional("\(name).attn.project_out.bias")),
            precision: reader.precision)
        feedForward = try FeedForward(
            channels: stage.channels, hiddenChannels: stage.hiddenChannels,
            weights: FeedForward.Weights(
                norm: try reader.norm("\(name).norm2"),
                projectIn: try reader.floats("\(name).ffn.project_in.weight"),
                projectInBias: try reader.optional("\(name).ffn.project_in.bias"),
                depthwise: try reader.floats("\(name).ffn.dwconv.weight"),
                depthwiseBias: try reader.optional("\(name).ffn.dwconv.bias"),
                projectOut: try reader.floats("\(name).ffn.project_out.weight"),
                projectOutBias: try reader.optional("\(name).ffn.project_out.bias")),
            precision: reader.precision)
    }
}
