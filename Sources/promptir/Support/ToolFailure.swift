import ArgumentParser
import ArrayFiles
import Bundles
import Datasets
import Dispatch
import Files
import PromptIR
import Reports
import Restoration
import Tools
import Training

/// The exit codes of sysexits(3) that the tool uses.
enum ToolExit {
    static let dataError: Int32 = 65
    static let noInput: Int32 = 66
    static let cannotCreate: Int32 = 73
    static let ioError: Int32 = 74
    static let temporaryFailure: Int32 = 75
    static let configuration: Int32 = 78
}

/// Runs a subcommand. An error becomes one line on standard error and an exit code, and an interruption leaves no
/// incomplete file.
///
/// - Parameter handlers: signal handlers, for commands that stop in their own way.
func reportingErrors(
    handlers: [any DispatchSourceSignal] = Interruption.arm(), _ body: () throws -> Void
) throws {
    do {
        try withExtendedLifetime(handlers, body)
    } catch let error where error is ExitCode || error is ValidationError || error is CleanExit {
        throw error
    } catch {
        complain(String(describing: error))
        throw ExitCode(code(for: error))
    }
}

/// Returns the exit code of an error.
func code(for error: any Error) -> Int32 {
    switch error {
    case let error as FileError:
        switch error.operation {
        case .createFile, .makeFolder, .replace: return ToolExit.cannotCreate
        case .openFile where error.errno == .noEntry, .openFolder where error.errno == .noEntry,
            .list where error.errno == .noEntry:
            return ToolExit.noInput
        default: return ToolExit.ioError
        }
    case ModelError.notFound, BatchError.missingInput, BatchError.noPictures, EvaluationError.noPictures,
        PredictionBundleError.noPictures, ReportError.noPictures, DatasetError.noPictures,
        DatasetError.missingClean, DatasetError.missingDegraded, TrainingError.nothingToResume:
        return ToolExit.noInput
    case TrainingError.used, SynthesisError.outputNotEmpty:
        return ToolExit.cannotCreate
    case TrainingError.inUse:
        return ToolExit.temporaryFailure
    case TrainingError.otherSettings, DataLocationError.noPairs, DataLocationError.noCleanPictures:
        return ExitCode.validationFailure.rawValue
    case ModelError.unreadable(let error):
        return code(for: error)
    case ModelError.damaged(let error):
        return code(for: error)
    case ModelError.unusable(_, .unsupportedProcessor), ModelError.unusable(_, .unsupportedPrecision),
        NetworkError.unsupportedProcessor, NetworkError.unsupportedPrecision,
        TrainingError.missingInstructions:
        return ToolExit.configuration
    case BatchError.overwritesOriginal, BatchError.replacesOther, BatchError.sameOutput,
        BatchError.severalInOne, BatchError.namelessInput, BatchError.otherFormat,
        BatchError.outputOnTerminal,
        SynthesisError.outputWithinClean, is ForwardBenchmark.TooLarge, is MemoryLimitTooLow:
        return ExitCode.validationFailure.rawValue
    case let error as ArrayFileError:
        switch error.problem {
        case .cutWhileOpen, .changedWhileCopied: return ToolExit.ioError
        default: return ToolExit.dataError
        }
    default:
        return ToolExit.dataError
    }
}
