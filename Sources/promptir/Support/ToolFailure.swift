import ArgumentParser
import ArrayFiles
import Glibc
import PromptIR
import Restoration

/// Exit codes of sysexits(3), as far as the tool uses them.
enum ToolExit {
    static let dataError: Int32 = 65
    static let noInput: Int32 = 66
    static let cannotCreate: Int32 = 73
    static let ioError: Int32 = 74
    static let configuration: Int32 = 78
}

/// Runs a subcommand; its errors become one line on standard error and an exit code, and an interruption leaves no
/// file that is not whole.
func reportingErrors(_ body: () throws -> Void) throws {
    let handlers = Interruption.arm()
    do {
        try withExtendedLifetime(handlers, body)
    } catch let error where error is ExitCode || error is ValidationError || error is CleanExit {
        throw error
    } catch {
        complain(String(describing: error))
        throw ExitCode(code(for: error))
    }
}

/// The code that says what kind of trouble an error is.
func code(for error: any Error) -> Int32 {
    switch error {
    case let error as FileError:
        switch error.operation {
        case .create, .rename: return ToolExit.cannotCreate
        case .open where error.code == ENOENT, .list where error.code == ENOENT: return ToolExit.noInput
        default: return ToolExit.ioError
        }
    case ModelError.notFound, BatchError.missingInput, BatchError.noPictures, EvaluationError.noPictures,
        PredictionBundleError.noPictures:
        return ToolExit.noInput
    case ModelError.unreadable(let error):
        return code(for: error)
    case ModelError.damaged(let error):
        return code(for: error)
    case ModelError.unusable(_, .unsupportedProcessor):
        return ToolExit.configuration
    case BatchError.overwritesOriginal, BatchError.replacesOther, BatchError.sameOutput,
        is ForwardBenchmark.TooLarge:
        return ExitCode.validationFailure.rawValue
    case let error as ArrayFileError:
        guard case .file(let problem) = error.problem else { return ToolExit.dataError }
        if case .failed(.open, ENOENT) = problem { return ToolExit.noInput }
        return ToolExit.ioError
    default:
        return ToolExit.dataError
    }
}
