import ArrayFiles
import Files
import Foundation
import PromptIR
import TestSupport
import Training

/// The ten golden training steps of the micro network.
struct GoldenTraining {
    struct Steps: Decodable {
        var losses: [Double]
        var learningRates: [Double]
        var finalLoss: Double

        enum CodingKeys: String, CodingKey {
            case losses
            case learningRates = "learning_rates"
            case finalLoss = "final_loss"
        }
    }

    static let shape = BatchShape(count: 2, height: 32, width: 40)

    /// By the loss's name.
    let steps: [String: Steps]
    let input: [Float]
    /// 0.7 · input + 0.3 · the formula's target.
    let target: [Float]

    init() throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: SharedFolder.path("golden/training.json")))
        steps = try JSONDecoder().decode([String: Steps].self, from: data)
        let input = Formula.image(count: 2, height: 32, width: 40)
        let other = Formula.image(prefix: "golden-target", count: 2, height: 32, width: 40)
        self.input = input
        target = zip(input, other).map { Float(0.7 * Double($0) + 0.3 * Double($1)) }
    }

    /// The micro network with the formula's weights.
    static func parameters() throws -> ParameterStore {
        let store = try ParameterStore(configuration: .micro())
        store.fillByFormula()
        return store
    }

    /// The parameters after ten steps, by name.
    static func after(_ loss: String) throws -> NpzFile {
        try NpzFile(path: Path(SharedFolder.path("golden/after-10-steps-\(loss).npz")))
    }
}
