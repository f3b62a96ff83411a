import Files
import Restoration

/// Reads a model, by default the weights that came with the program, and says what was decided on the way: prefixes
/// that were removed, averaged weights taken where plain ones are there too.
func loadModel(_ requested: Path?) throws(ModelError) -> Model {
    let model = try Model.load(requested)
    for note in model.notes {
        complain("note: \(note)")
    }
    return model
}
