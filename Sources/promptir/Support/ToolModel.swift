import Files
import Restoration

/// Reads a model, by default the weights that ship with the program, and reports decisions such as removed prefixes
/// or the preference for averaged weights.
func loadModel(_ requested: Path?) throws(ModelError) -> Model {
    let model = try Model.load(requested)
    for note in model.notes {
        complain("note: \(note)")
    }
    return model
}
