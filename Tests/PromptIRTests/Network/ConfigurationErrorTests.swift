import PromptIR
import Testing

/// Tensors that are no PromptIR network: the error names the tensor, what was expected and what was found.
@Suite struct ConfigurationErrorTests {
    static let shapes = Configuration.micro.tensorShapes()
    static let names = shapes.keys.sorted()

    @Test func namesAMissingTensor() {
        var shapes = Self.shapes
        shapes["down2_3.body.0.weight"] = nil
        #expect(
            throws: NetworkError.missingTensor(
                name: "down2_3.body.0.weight", expected: "shape [8, 16, 3, 3]")
        ) { try Configuration(tensorShapes: shapes) }
        #expect(
            throws: NetworkError.missingTensor(
                name: "patch_embed.proj.weight", expected: "a tensor of rank 4")
        ) { try Configuration(tensorShapes: [:]) }
    }

    @Test(arguments: names) func refusesToMissAny(name: String) {
        var shapes = Self.shapes
        shapes[name] = nil
        let error = Self.error(shapes)
        if name == "encoder_level1.0.norm1.body.bias" {
            // Without it the norms count as bias-free, and the next bias is one too many.
            #expect(
                error == .superfluousTensor(name: "decoder_level1.0.norm1.body.bias", found: [16]))
        } else if case .missingTensor(let missing, _) = error {
            #expect(missing == name)
        } else {
            Issue.record("\(name): \(String(describing: error))")
        }
    }

    @Test(arguments: names) func refusesAnotherRank(name: String) {
        var shapes = Self.shapes
        let found = (Self.shapes[name] ?? []) + [1]
        shapes[name] = found
        if case .misshapedTensor(let misshaped, _, let shape) = Self.error(shapes) {
            #expect(misshaped == name && shape == found)
        } else {
            Issue.record("\(name) of shape \(found) was not refused")
        }
        shapes[name] = []
        #expect(Self.error(shapes) != nil)
    }

    /// One size changed to a near, an absurd or an impossible one: refused, unless the size is free.
    @Test(arguments: names) func refusesAnyOtherSize(name: String) {
        let shape = Self.shapes[name] ?? []
        for dimension in shape.indices {
            for size in [shape[dimension] + 1, shape[dimension] - 1, 0, -1, 1 << 40, .max, .min] {
                var found = shape
                found[dimension] = size
                var shapes = Self.shapes
                shapes[name] = found
                let isFree =
                    name.hasSuffix("prompt_param") && dimension >= 3 && (1...1 << 16).contains(size)
                    || name.hasSuffix("temperature") && dimension == 0 && size >= 1 && size <= 64
                        && Self.channels(ofBlockWith: name) % size == 0
                #expect((Self.error(shapes) == nil) == isFree, "\(name) of shape \(found)")
            }
        }
    }

    @Test func namesAMisshapedTensor() {
        var shapes = Self.shapes
        shapes["reduce_chan_level2.weight"] = [16, 33, 1, 1]
        #expect(
            throws: NetworkError.misshapedTensor(
                name: "reduce_chan_level2.weight", expected: "shape [16, 32, 1, 1]", found: [16, 33, 1, 1])
        ) { try Configuration(tensorShapes: shapes) }
    }

    @Test func namesTheFirstSuperfluousTensor() {
        var shapes = Self.shapes
        shapes["head.weight"] = [10, 3]
        shapes["tail.weight"] = [1]
        #expect(throws: NetworkError.superfluousTensor(name: "head.weight", found: [10, 3])) {
            try Configuration(tensorShapes: shapes)
        }
    }

    /// A gap in the blocks' numbers ends the stage; the blocks behind it are too many.
    @Test func refusesAGapInTheBlocks() {
        var shapes = Self.shapes
        for (name, shape) in Self.shapes where name.hasPrefix("latent.0.") {
            shapes["latent.2.\(name.dropFirst("latent.0.".count))"] = shape
        }
        #expect(
            throws: NetworkError.superfluousTensor(
                name: "latent.2.attn.project_out.weight", found: [64, 64, 1, 1])
        ) {
            try Configuration(tensorShapes: shapes)
        }
    }

    @Test func refusesNormsOfBothKinds() {
        var shapes = Self.shapes
        shapes["latent.0.norm2.body.bias"] = nil
        #expect(throws: NetworkError.missingTensor(name: "latent.0.norm2.body.bias", expected: "shape [64]"))
        {
            try Configuration(tensorShapes: shapes)
        }
    }

    @Test func refusesHeadsThatDoNotDivide() {
        var shapes = Self.shapes
        shapes["latent.0.attn.temperature"] = [7, 1, 1]
        #expect(
            throws: NetworkError.misshapedTensor(
                name: "latent.0.attn.temperature", expected: "a number of heads that divides 64 channels",
                found: [7, 1, 1])
        ) { try Configuration(tensorShapes: shapes) }
    }

    /// Half of the channels go into each pixel unshuffle.
    @Test(arguments: [1, 7, 17]) func refusesAnOddDimension(dim: Int) {
        let odd = ConfigurationTests.usual(dim: dim, heads: [1, 1, 1, 1])
        #expect(
            throws: NetworkError.misshapedTensor(
                name: "patch_embed.proj.weight", expected: "an even number of output channels",
                found: [dim, 3, 3, 3])
        ) { try Configuration(tensorShapes: odd.tensorShapes()) }
    }

    @Test(arguments: [0, -4, (1 << 16) + 2, 1 << 62, .max]) func refusesAnAbsurdDimension(dim: Int) {
        var shapes = Self.shapes
        shapes["patch_embed.proj.weight"] = [dim, 3, 3, 3]
        #expect(
            throws: NetworkError.misshapedTensor(
                name: "patch_embed.proj.weight", expected: "rank 4, dimensions 1 to 65536",
                found: [dim, 3, 3, 3])
        ) { try Configuration(tensorShapes: shapes) }
    }

    @Test func saysWhatToDo() {
        #expect(
            NetworkError.missingTensor(name: "a.weight", expected: "shape [3]").description
                == "tensor a.weight is missing: expected shape [3]; is this a PromptIR checkpoint?")
        #expect(
            NetworkError.misshapedTensor(name: "a.weight", expected: "shape [3]", found: [4]).description
                == "tensor a.weight has shape [4]: expected shape [3]")
    }

    private static func error(_ shapes: [String: [Int]]) -> NetworkError? {
        do {
            _ = try Configuration(tensorShapes: shapes)
            return nil
        } catch {
            return error
        }
    }

    private static func channels(ofBlockWith temperature: String) -> Int {
        let block = temperature.dropLast("attn.temperature".count)
        return shapes["\(block)norm1.body.weight"]?[0] ?? 0
    }
}
