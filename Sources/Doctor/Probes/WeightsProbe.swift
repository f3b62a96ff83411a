import ArrayFiles
import Files
import PromptIR
import Restoration
import Service

/// Finds the configured weights and reads what they are.
struct WeightsProbe {
    let user: ServiceUser
    let configuration: ServiceConfiguration

    func check() -> WeightsCheck {
        let path: Path
        do throws(ModelError) {
            path = try ModelLocator.locate(configuration.modelPath)
        } catch {
            return WeightsCheck(result: .failure(error), user: user.name)
        }
        return WeightsCheck(result: weights(path), refusal: refusal(path), user: user.name)
    }

    private func weights(_ path: Path) -> Result<WeightsCheck.Weights, ModelError> {
        do {
            let checkpoint = try Checkpoint(path: path)
            _ = try Configuration(tensorShapes: checkpoint.tensorShapes)
            return .success(
                WeightsCheck.Weights(
                    path: path, digest: try Model.digest(of: path),
                    parameterCount: checkpoint.tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }))
        } catch let error as FileError {
            return .failure(.unreadable(error))
        } catch let error as ArrayFileError {
            return .failure(.damaged(error))
        } catch let error as NetworkError {
            return .failure(.unusable(path: path, error))
        } catch {
            return .failure(.failed(path: path, reason: "\(error)"))
        }
    }

    private func refusal(_ path: Path) -> Errno? {
        let outcome: Errno?? = user.run {
            do throws(FileError) {
                _ = try FileSystem().openFile(path: path)
                return nil
            } catch {
                return error.errno
            }
        }
        return outcome ?? nil
    }
}
