import Files
import Restoration

/// The files of a run.
package struct RunFolder: Sendable, Equatable {
    package let path: Path

    package init(_ path: Path) {
        self.path = path
    }

    /// The state, with everything that resuming needs.
    package var state: Path { path.appending("state.safetensors") }
    /// The newest weights.
    package var last: Path { path.appending("last.safetensors") }
    /// The weights with the best validation PSNR.
    package var best: Path { path.appending("best.safetensors") }
    /// The metrics, with a line per epoch.
    package var metrics: Path { path.appending("metrics.csv") }
    /// Sheets of degraded, restored and clean pictures.
    package var samples: Path { path.appending("samples") }

    /// Creates the folder for a new run.
    /// - Throws: `TrainingError.used` if it already holds a run, `FileError`.
    package func makeForNewRun() throws {
        for file in [state, last, best, metrics] where try WholeFiles.status(file) != nil {
            throw TrainingError.used(path, found: file.name)
        }
        try WholeFiles.createFolders(path)
    }

    package func holdsRun() throws(FileError) -> Bool {
        try WholeFiles.status(state) != nil
    }
}
