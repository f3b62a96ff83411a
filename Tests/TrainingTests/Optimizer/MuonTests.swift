import Kernels
import PromptIR
import ReferenceKernels
import TestSupport
import Testing
import Training

struct MuonTests {
    private func store() throws -> ParameterStore {
        let store = try ParameterStore(configuration: .micro())
        store.fillByFormula()
        store.gradients.fill(
            0..<store.count, with: Formula.uniform("gradients", count: store.count).map { Float($0) })
        return store
    }

    private func moved(_ kind: Optimizer.Kind, threads: Int = 1, steps: Int = 1) throws -> [Float] {
        let store = try store()
        var settings = Optimizer.Settings()
        settings.kind = kind
        let optimizer = try Optimizer(parameters: store, settings: settings)
        let team = WorkerTeam(threadCount: threads)
        for _ in 0..<steps { try optimizer.step(learningRate: 1e-3, gradientFactor: 0.5, team: team) }
        return store.values.floats
    }

    @Test func takesTheMatricesOfTheNetwork() throws {
        let store = try store()
        let matrices = MuonMatrix.all(in: store)
        let owners = matrices.compactMap { matrix in
            store.entries.first { $0.range.contains(matrix.offset) }?.name
        }
        #expect(owners.filter { $0 == "latent.0.attn.qkv.weight" }.count == 3)
        #expect(owners.contains("latent.0.ffn.project_in.weight"))
        for name in ["patch_embed.proj.weight", "output.weight", "latent.0.attn.qkv_dwconv.weight"] {
            #expect(store.entry(named: name) != nil && !owners.contains(name), "\(name)")
        }
        #expect(!owners.contains { $0.contains("prompt_param") || $0.contains("norm") })
    }

    @Test func movesMatricesByTheFormulaAndTheRestByAdamW() throws {
        let store = try store()
        let (before, muon, adamW) = (store.values.floats, try moved(.muon), try moved(.adamw))
        var rest = Set(0..<store.count)
        for matrix in MuonMatrix.all(in: store) {
            let range = matrix.offset..<matrix.offset + matrix.count
            rest.subtract(range)
            // The momentum after the first step is (1 − 0.95) g, and Nesterov's update parallel to g.
            let direction = Reference.orthogonalised(
                store.gradients.floats(in: range).map(Double.init), rows: matrix.rows, columns: matrix.columns
            )
            let size = 1e-3 * 0.2 * Double(matrix.longSide).squareRoot()
            for (index, direction) in zip(range, direction) {
                let expected = Double(before[index]) * (1 - 1e-5) - size * direction
                #expect(abs(Double(muon[index]) - expected) <= 1e-6)
            }
        }
        #expect(rest.allSatisfy { muon[$0] == adamW[$0] })
        #expect(!rest.isEmpty)
    }

    @Test func threadsGiveTheSameBits() throws {
        #expect(try moved(.muon, threads: 1, steps: 3) == moved(.muon, threads: 3, steps: 3))
    }
}
