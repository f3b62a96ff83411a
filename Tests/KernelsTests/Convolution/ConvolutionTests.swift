import Kernels
import ReferenceKernels
import Tensors
import Testing

@Suite(.figures) struct ConvolutionTests {
    static let channelPairs = [(1, 1), (3, 16), (8, 4), (15, 17), (16, 33), (24, 12), (33, 3), (40, 48)]

    @Test(arguments: channelPairs, AwkwardSizes.maps)
    func plain(channels: (Int, Int), size: MapSize) throws {
        for precision in Precision.runnable { try compare(channels.0, channels.1, size, .none, precision) }
    }

    @Test(arguments: [(4, 8), (16, 4), (9, 20), (24, 48), (32, 64), (5, 68)], AwkwardSizes.maps)
    func shuffled(channels: (Int, Int), size: MapSize) throws {
        for precision in Precision.runnable { try compare(channels.0, channels.1, size, .shuffle, precision) }
    }

    @Test(arguments: [(4, 2), (8, 4), (12, 6), (17, 9), (24, 12), (40, 20)], AwkwardSizes.evenMaps)
    func unshuffled(channels: (Int, Int), size: MapSize) throws {
        for precision in Precision.runnable {
            try compare(channels.0, channels.1, size, .unshuffle, precision)
        }
    }

    /// The first layer reads pixels of four floats.
    @Test(arguments: AwkwardSizes.maps) func ofTheImage(size: MapSize) throws {
        try compare(3, 24, size, .none, .float32, inputStride: 4)
        try compare(3, 24, size, .none, .float32, inputStride: 4, into: .bfloat16)
        try compare(3, 24, size, .none, .float32, inputStride: 4, into: .int8)
    }

    /// What a product of this precision multiplies, for the twin.
    private func operands(
        _ values: [Float], _ weights: [Float], _ bias: [Float]?, channels: (Int, Int), _ size: MapSize,
        _ precision: Precision
    ) -> (Planes, Reference.Filter) {
        let x = Planes(values, channels: channels.0, height: size.height, width: size.width)
        let filter = Reference.Filter(weights, bias: bias)
        return switch precision {
        case .float32: (x, filter)
        case .bfloat16, .bfloat16AMX: (x.inBFloat16, filter.inBFloat16)
        case .int8:
            (
                x.inBFloat16.inInt8,
                filter.inInt8(outputChannels: channels.1, taps: weights.count / channels.0 / channels.1)
            )
        }
    }

    @Test(arguments: AwkwardSizes.maps, Precision.runnable)
    func pointwise(size: MapSize, precision: Precision) throws {
        for (inputs, outputs) in [(1, 1), (7, 16), (17, 15), (48, 33)] {
            for extra in [0, 16] {
                let values = Values.uniform("x", inputs * size.pixelCount)
                let weights = Values.weights("w", outputs * inputs, fanIn: inputs)
                let bias = extra == 0 ? nil : Values.uniform("b", outputs)
                let input = try GuardedMap(
                    values, channels: inputs, height: size.height, width: size.width,
                    stride: FeatureMap.paddedChannels(inputs) + extra, precision: precision)
                let output = try GuardedMap(
                    channels: outputs, height: size.height, width: size.width,
                    stride: FeatureMap.paddedChannels(outputs) + extra, precision: precision)
                let convolution = try PointwiseConvolution(
                    inputChannels: inputs, outputChannels: outputs, weights: weights, bias: bias,
                    precision: precision)
                let scratch = try GuardedMemory(count: convolution.scratchCount(inputs))
                let cut = size.pixelCount / 3
                for range in [0..<cut, cut..<size.pixelCount] {
                    convolution.run(input.map, output: output.map, pixels: range, scratch: scratch.run)
                }

                let (x, filter) = operands(
                    values, weights, bias, channels: (inputs, outputs), size, precision)
                let twin = Reference.pointwise(x, outputChannels: outputs, filter).values
                let sums = Rounding.sum(
                    terms: inputs,
                    magnitudes: Reference.pointwise(x.magnitudes, outputChannels: outputs, filter.magnitudes)
                        .values)
                let roundings = BFloat16Bits.tolerances(twin, in: precision)
                expectClose(
                    output.planes, twin, within: zip(sums, roundings).map(+),
                    "1×1 convolution in \(precision)")
                #expect(output.paddingIsZero)
                #expect(output.guardsAreIntact && input.guardsAreIntact && scratch.guardsAreIntact)
            }
        }
    }

    /// The last layer: planes, the image added, what was padded cut off.
    @Test(arguments: AwkwardSizes.maps, Precision.runnable)
    func toPlanes(size: MapSize, precision: Precision) throws {
        let channels = 24
        let image = ImageTensor(
            height: size.height, width: size.width, values: Values.uniform("image", 3 * size.pixelCount))
        let (height, width) = (NetworkSide.roundedUp(size.height), NetworkSide.roundedUp(size.width))
        let values = Values.uniform("x", channels * height * width)
        let weights = Values.weights("w", 3 * channels * 9, fanIn: channels * 9)
        let input = try GuardedMap(
            values, channels: channels, height: height, width: width, precision: precision)
        let convolution = try OutputConvolution(
            inputChannels: channels, outputChannels: 3, weights: weights, bias: [0.5, -0.25, 0])
        let grid = StripGrid(height: height, width: width, precision: precision)
        let scratch = try GuardedMemory(count: convolution.scratchCount(grid: grid))
        var output = ImageTensor(height: size.height, width: size.width)
        ImagePlanes.with(image, &output) { planes in
            for strip in grid.strips {
                convolution.run(strip, input: input.map, planes: planes, scratch: scratch.run)
            }
        }

        let x = Planes(
            BFloat16Bits.stored(values, in: precision), channels: channels, height: height, width: width)
        let filter = Reference.Filter(weights, bias: [0.5, -0.25, 0])
        func twin(_ x: Planes, _ filter: Reference.Filter, _ image: [Double]) -> [Double] {
            let whole = Reference.convolution3x3(x, outputChannels: 3, filter)
            let cropped = Reference.cropped(whole, height: size.height, width: size.width)
            return zip(cropped.values, image).map(+)
        }
        expectClose(
            output.values, twin(x, filter, image.values.doubles),
            within: Rounding.sum(
                terms: 9 * channels + 4,
                magnitudes: twin(x.magnitudes, filter.magnitudes, image.values.map { Double(abs($0)) })),
            "3×3 convolution to planes")
        #expect(input.guardsAreIntact && scratch.guardsAreIntact)
    }

    private func compare(
        _ inputs: Int, _ outputs: Int, _ size: MapSize, _ rearrangement: Convolution3x3.Rearrangement,
        _ precision: Precision, inputStride: Int? = nil, into outputPrecision: Precision? = nil
    ) throws {
        let outputPrecision = outputPrecision ?? precision
        let values = Values.uniform("x", inputs * size.pixelCount)
        let weights = Values.weights("w", outputs * inputs * 9, fanIn: inputs * 9)
        let bias = outputs % 2 == 0 ? Values.uniform("b", outputs) : nil
        let input = try GuardedMap(
            values, channels: inputs, height: size.height, width: size.width, stride: inputStride,
            precision: precision)
        let convolution = try Convolution3x3(
            inputChannels: inputs, inputStride: inputStride ?? FeatureMap.paddedChannels(inputs),
            outputChannels: outputs,
            rearrangement: rearrangement, weights: weights, bias: bias, precision: precision)
        let (outputChannels, height, width) =
            switch rearrangement {
            case .none: (outputs, size.height, size.width)
            case .shuffle: (outputs / 4, 2 * size.height, 2 * size.width)
            case .unshuffle: (outputs * 4, size.height / 2, size.width / 2)
            }
        let output = try GuardedMap(
            channels: outputChannels, height: height, width: width, precision: outputPrecision)
        let grid = StripGrid(height: size.height, width: size.width)
        let scratch = try GuardedMemory(count: convolution.scratchCount(grid: grid))
        for strip in grid.strips {
            convolution.run(strip, grid: grid, input: input.map, output: output.map, scratch: scratch.run)
        }

        func twin(_ x: Planes, _ filter: Reference.Filter) -> [Double] {
            let plain = Reference.convolution3x3(x, outputChannels: outputs, filter)
            return switch rearrangement {
            case .none: plain.values
            case .shuffle: Reference.pixelShuffle(plain).values
            case .unshuffle: Reference.pixelUnshuffle(plain).values
            }
        }
        let (x, filter) = operands(values, weights, bias, channels: (inputs, outputs), size, precision)
        let expected = twin(x, filter)
        let sums = Rounding.sum(terms: 9 * inputs + 3, magnitudes: twin(x.magnitudes, filter.magnitudes))
        let roundings = BFloat16Bits.tolerances(expected, in: outputPrecision)
        expectClose(
            output.planes, expected, within: zip(sums, roundings).map(+),
            "3×3 convolution in \(precision), rearrangement \(rearrangement)")
        #expect(output.paddingIsZero)
        #expect(output.guardsAreIntact && input.guardsAreIntact && scratch.guardsAreIntact)
    }
}
