/// Why an array file could not be read or written: the file, and the one thing wrong with it.
///
/// Each kind of file has its own enumeration with a case for every failure, so that a caller can match on it
/// and a test can insist on it; `description` says expected, found, and what to do.
package struct ArrayFileError: Error, Equatable, Sendable, CustomStringConvertible {
    package let path: String
    package let problem: Problem

    package enum Problem: Equatable, Sendable {
        case file(FileProblem)
        case checkpoint(CheckpointProblem)
        case safetensors(SafetensorsProblem)
        case torch(TorchProblem)
        case pickle(PickleProblem)
        case zip(ZipProblem)
        case numpy(NumpyProblem)
    }

    package init(_ path: String, _ problem: Problem) {
        self.path = path
        self.problem = problem
    }

    package var description: String {
        switch problem {
        case .file(let problem): "\(path): \(problem)"
        case .checkpoint(let problem): "\(path): \(problem)"
        case .safetensors(let problem): "\(path): not a sound safetensors file: \(problem)"
        case .torch(let problem): "\(path): not a PyTorch checkpoint that can be read: \(problem)"
        case .pickle(let problem): "\(path): the pickle in this PyTorch file cannot be read: \(problem)"
        case .zip(let problem): "\(path): not a sound zip file: \(problem)"
        case .numpy(let problem): "\(path): numpy array: \(problem)"
        }
    }
}
