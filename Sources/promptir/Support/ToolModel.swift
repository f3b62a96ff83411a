import Files
import PromptIR
import Restoration
import Tensors

/// Reads a model, by default the weights that ship with the program, and reports decisions such as removed prefixes
/// or the preference for averaged weights.
func loadModel(_ requested: Path?, precision: Precision) throws(ModelError) -> Model {
    let model = try Model.load(requested, precision: precision)
    for note in model.notes {
        complain("note: \(note)")
    }
    return model
}
