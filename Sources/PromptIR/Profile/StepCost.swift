import Kernels

/// The least cost of a step.
struct StepCost {
    /// The number of floating-point operations as PyTorch's counter counts them for the layers that the step
    /// computes (a multiply-add is two), even if the step needs fewer.
    var nominalOperationCount = 0
    /// The number of executed floating-point operations, without those that strips repeat at their borders.
    var operationCount = 0
    /// The number of bytes that must pass between the caches and memory. Every map that is read or written
    /// counts once.
    var byteCount = 0
}

extension ForwardPlan {
    /// Returns the operation that a step belongs to, for tables.
    func operation(_ step: Step) -> String {
        switch step {
        case .load: "load image"
        case .convolve: "convolution 3×3"
        case .pointwise: "convolution 1×1"
        case .gather: "attention: norm, q k v, q kᵀ"
        case .mix: "attention: softmax, matrix"
        case .apply: "attention: apply to v, add"
        case .feedForward: "feed-forward"
        case .mixPrompt, .resizePrompt: "prompt: mix, resize"
        case .join: "concatenation"
        case .output: "output convolution, add image"
        }
    }

    func cost(_ step: Step) -> StepCost {
        switch step {
        case .load(let target):
            return StepCost(byteCount: 2 * byteCount(target))
        case .convolve(let convolution, _, let input, let output):
            return product(
                pixels(input) * 9 * buffers[input].channels * convolution.outputChannels, reads: input,
                writes: output)
        case .pointwise(_, let input, let output):
            return product(
                pixels(input) * buffers[input].channels * buffers[output].channels, reads: input,
                writes: output)
        case .gather(let attention, _, let input, let values, _):
            let channels = attention.channels
            return product(
                pixels(input)
                    * (3 * channels * channels + 27 * channels + channels * channels / attention.heads),
                reads: input, writes: values)
        case .mix(let attention, let sums, _, let matrix):
            let channels = attention.channels
            return StepCost(
                operationCount: 2 * channels * channels * channels / attention.heads,
                byteCount: byteCount(sums) + byteCount(matrix))
        case .apply(let attention, _, let values, let features):
            // PyTorch multiplies v by the attention and the result by the projection.
            let square = attention.channels * attention.channels
            return StepCost(
                nominalOperationCount: 2 * pixels(features) * (square + square / attention.heads),
                operationCount: 2 * pixels(features) * square,
                byteCount: byteCount(values) + 2 * byteCount(features))
        case .feedForward(let feedForward, _, let input, let output):
            let hidden = feedForward.hiddenChannels
            return product(
                pixels(input) * (3 * buffers[input].channels * hidden + 18 * hidden), reads: input,
                writes: output)
        case .mixPrompt(_, let features, _, let mixture):
            return StepCost(byteCount: byteCount(features) + byteCount(mixture))
        case .resizePrompt(_, let mixture, let output):
            return StepCost(byteCount: byteCount(mixture) + byteCount(output))
        case .join(_, _, let output):
            return StepCost(byteCount: 2 * byteCount(output))
        case .output(let convolution, _, let input):
            return product(
                pixels(input) * 9 * buffers[input].channels * convolution.outputChannels, reads: input,
                writes: input)
        }
    }

    private func pixels(_ index: BufferIndex) -> Int { buffers[index].height * buffers[index].width }
    private func byteCount(_ index: BufferIndex) -> Int { 4 * buffers[index].count }

    private func product(_ multiplyAdds: Int, reads input: BufferIndex, writes output: BufferIndex)
        -> StepCost
    {
        StepCost(
            nominalOperationCount: 2 * multiplyAdds, operationCount: 2 * multiplyAdds,
            byteCount: byteCount(input) + (input == output ? 0 : byteCount(output)))
    }
}
