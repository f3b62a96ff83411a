import PromptIR
import Tensors
import Testing
import Training

@Suite struct ParameterStoreTests {
    @Test func holdsTheWholeTableWithoutGaps() throws {
        let store = try ParameterStore(configuration: .compact)
        #expect(store.entries.first?.name == "patch_embed.proj.weight")
        #expect(store.entries.last?.name == "output.weight")
        var offset = 0
        for entry in store.entries {
            #expect(entry.offset == offset && entry.count == entry.shape.reduce(1, *))
            offset += entry.count
        }
        #expect(store.count == offset && store.values.count == offset && store.gradients.count == offset)
    }

    @Test func takesValuesAndBiasesFromACheckpoint() throws {
        let source = SeededWeights(configuration: .compact)
        let store = try ParameterStore(loading: source)
        for entry in store.entries {
            #expect(try store.floats(named: entry.name) == source.floats(named: entry.name))
        }
        let biased = try ParameterStore(configuration: .compact, biases: ["output.bias"])
        #expect(biased.count == store.count + 3)
        #expect(biased.entry(named: "output.bias")?.shape == [3])
        #expect(store.entry(named: "output.bias") == nil)
    }

    @Test func refusesACheckpointOfAnotherNetwork() throws {
        let store = try ParameterStore(configuration: .compact)
        #expect(throws: NetworkError.self) { try store.load(SeededWeights(configuration: .published)) }
    }
}
