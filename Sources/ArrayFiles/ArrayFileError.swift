import Files

/// Why an array file could not be read or written: the file, and the one thing wrong with it. A failed system
/// call throws a `FileError` instead.
///
/// Each kind of file has its own enumeration with a case for every failure, so that callers and tests can
/// match on it. `description` says what was expected and found, and what to do.
package struct ArrayFileError: Error, Equatable, Sendable, CustomStringConvertible {
    package let path: Path
    package let problem: Problem

    package enum Problem: Equatable, Sendable {
        /// The file was truncated while it was open. Replace files by renaming a new one over them.
        case cutWhileOpen(byteCount: Int, found: Int)
        /// A file grew or shrank while it was copied into an archive.
        case changedWhileCopied(byteCount: Int)
        case checkpoint(CheckpointProblem)
        case safetensors(SafetensorsProblem)
        case torch(TorchProblem)
        case pickle(PickleProblem)
        case zip(ZipProblem)
        case numpy(NumpyProblem)
    }

    package init(_ path: Path, _ problem: Problem) {
        self.path = path
        self.problem = problem
    }

    package var description: String {
        switch problem {
        case .cutWhileOpen(let byteCount, let found):
            "\(path): had \(byteCount) bytes when it was opened and has \(found) now: replace files by renaming"
                + " a new one over them, not by writing into them"
        case .changedWhileCopied(let byteCount):
            "\(path): changed while it was copied (had \(byteCount) bytes): try again when nothing writes to it"
        case .checkpoint(let problem): "\(path): \(problem)"
        case .safetensors(let problem): "\(path): not a sound safetensors file: \(problem)"
        case .torch(let problem): "\(path): not a PyTorch checkpoint that can be read: \(problem)"
        case .pickle(let problem): "\(path): the pickle in this PyTorch file cannot be read: \(problem)"
        case .zip(let problem): "\(path): not a sound zip file: \(problem)"
        case .numpy(let problem): "\(path): numpy array: \(problem)"
        }
    }
}
