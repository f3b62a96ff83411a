import ArrayFiles
import Files
import PromptIR
import Tensors

/// A network read from a file, ready for use.
package struct Model: Sendable {
    package let path: Path
    /// The time of the file's last modification, since 1970.
    package let modified: Duration
    package let network: Network
    /// Decisions made while reading, such as prefixes removed or the dictionary chosen.
    package let notes: [String]

    /// Finds and reads a model.
    ///
    /// - Parameters:
    ///   - requested: a checkpoint's path, or nil for the weights that ship (see `ModelLocator`).
    ///   - precision: the type of the products' operands.
    package static func load(
        _ requested: Path? = nil, precision: Precision = .float32
    ) throws(ModelError) -> Model {
        let path = try ModelLocator.locate(requested)
        do {
            let modified = try WholeFiles.status(path)?.modified ?? .zero
            let checkpoint = try Checkpoint(path: path)
            return Model(
                path: path, modified: modified,
                network: try Network(weights: checkpoint, precision: precision),
                notes: checkpoint.notes)
        } catch let error as FileError {
            throw .unreadable(error)
        } catch let error as ArrayFileError {
            throw .damaged(error)
        } catch let error as NetworkError {
            throw .unusable(path: path, error)
        } catch {
            throw .failed(path: path, reason: String(describing: error))
        }
    }
}
