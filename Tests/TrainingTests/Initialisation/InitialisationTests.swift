import PromptIR
import Testing
import Training

struct InitialisationTests {
    private func filled(_ configuration: Configuration, seed: UInt64) throws -> ParameterStore {
        let store = try ParameterStore(configuration: configuration, biases: ["latent.0.attn.qkv.bias"])
        Initialisation.fill(store, seed: seed)
        return store
    }

    @Test func everyTensorIsAsPyTorchsModulesMakeIt() throws {
        let store = try filled(.compact, seed: 3)
        for entry in store.entries {
            let values = store.values.floats(in: entry.range)
            if entry.name.hasSuffix(".temperature")
                || entry.name.hasSuffix(".body.weight") && entry.shape.count == 1
            {
                #expect(values.allSatisfy { $0 == 1 }, "\(entry.name)")
            } else if entry.name.hasSuffix(".body.bias") {
                #expect(values.allSatisfy { $0 == 0 }, "\(entry.name)")
            } else if entry.name.hasSuffix(".prompt_param") {
                expectUniform(values, from: 0, to: 1, entry.name)
            } else {
                // The bias of a layer has its weights' fan-in.
                let weight = store.entry(named: entry.name.replacingSuffix(".bias", with: ".weight"))
                let fanIn = (weight ?? entry).shape.dropFirst().reduce(1, *)
                let bound = 1 / Float(fanIn).squareRoot()
                expectUniform(values, from: -bound, to: bound, entry.name)
            }
        }
    }

    private func expectUniform(_ values: [Float], from low: Float, to high: Float, _ name: String) {
        #expect(values.allSatisfy { $0 >= low && $0 <= high }, "\(name)")
        guard values.count >= 256 else { return }
        let count = Float(values.count)
        let width = high - low
        let mean = values.reduce(0, +) / count
        // Six standard deviations of the mean.
        #expect(abs(mean - (low + high) / 2) < 6 * width / (12 * count).squareRoot(), "\(name)")
        #expect(
            (values.max() ?? 0) > high - 0.1 * width && (values.min() ?? 0) < low + 0.1 * width, "\(name)")
    }

    @Test func theSeedDecides() throws {
        let first = try filled(.compact, seed: 1)
        let same = try filled(.compact, seed: 1)
        let other = try filled(.compact, seed: 2)
        let all = 0..<first.count
        #expect(first.values.floats(in: all) == same.values.floats(in: all))
        #expect(first.values.floats(in: all) != other.values.floats(in: all))
        // Two tensors of one shape are not the same.
        let tensors = try ["latent.0", "latent.1"].map {
            try first.floats(named: "\($0).attn.qkv.weight")
        }
        #expect(tensors[0] != tensors[1])
    }
}

extension String {
    fileprivate func replacingSuffix(_ suffix: String, with other: String) -> String {
        hasSuffix(suffix) ? dropLast(suffix.count) + other : self
    }
}
