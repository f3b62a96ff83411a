import Files
import Logging
import ProcessLimits
import PromptIR
import Restoration
import Tensors

/// A loaded model with its options. It never changes: a reload makes another engine, and pictures being
/// processed keep theirs.
package struct Engine: Sendable {
    package let model: Model
    package let restorer: Restorer

    /// Loads the configured model and runs its self-test. If the previous engine has the model of the same
    /// unchanged file in the same precision, the file is not read again.
    ///
    /// - Parameter budget: the process's memory budget, which the engines before and after a reload share. At the start it
    ///   is nil, and what the configuration allows or the loaded weights leave is taken.
    /// - Throws: `ProgramFailure`.
    package init(_ configuration: ServiceConfiguration, budget: MemoryBudget? = nil, previous: Engine? = nil)
        throws(ProgramFailure)
    {
        do {
            if let previous, try previous.isOf(configuration) {
                model = previous.model
            } else {
                model = try Model.load(configuration.modelPath, precision: configuration.precision)
            }
        } catch {
            throw ProgramFailure(error)
        }
        let budget = if let budget { budget } else { try Self.budget(configuration, model.network) }
        let options = configuration.restorationOptions(memoryLimit: budget.byteCount)
        restorer = Restorer(network: model.network, options: options, budget: budget)
        try selfTest()
    }

    private static func budget(
        _ configuration: ServiceConfiguration, _ network: Network
    ) throws(ProgramFailure) -> MemoryBudget {
        let limit = configuration.memoryLimit > 0 ? configuration.memoryLimit : nil
        do throws(MemoryLimitTooLow) {
            return MemoryBudget(byteCount: try PictureMemory.budget(of: limit, for: network))
        } catch {
            throw ProgramFailure(.configuration, error.description)
        }
    }

    /// Logs decisions made while the model was read, such as choosing EMA weights or removing prefixes.
    package func logNotes(to logger: Logger) {
        for note in model.notes {
            logger.info(
                "note on the model", metadata: ["model": .stringConvertible(model.path), "note": "\(note)"])
        }
    }

    private func isOf(_ configuration: ServiceConfiguration) throws -> Bool {
        guard model.network.precision == configuration.precision else { return false }
        let path = try ModelLocator.locate(configuration.modelPath)
        return try path == model.path && WholeFiles.status(path)?.modified == model.modified
    }

    /// Runs a small forward pass, so that incomplete weights or an unsuitable processor are found before the
    /// first picture.
    private func selfTest() throws(ProgramFailure) {
        let side = 16
        let values = (0..<3 * side * side).map { Float($0 % 17) / 17 }
        let image = ImageTensor(height: side, width: side, values: values)
        let session = ForwardSession(network: model.network, threadCount: 1)
        let result: ImageTensor
        do {
            result = try session.forward(image)
        } catch {
            throw ProgramFailure(.configuration, "model \(model.path): the self-test failed: \(error)")
        }
        guard result.height == side, result.width == side, result.values.allSatisfy(\.isFinite) else {
            throw ProgramFailure(
                .configuration,
                "model \(model.path): the self-test gave no finite picture of its input's size; are these weights "
                    + "whole, and trained?")
        }
    }
}
