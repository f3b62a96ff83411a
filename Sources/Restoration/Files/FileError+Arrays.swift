import ArrayFiles

extension FileError {
    /// What the system refused while a file of arrays was read or written; nil for faults of its contents.
    init?(_ error: ArrayFileError) {
        guard case .file(.failed(let operation, let code)) = error.problem else { return nil }
        let same: Operation =
            switch operation {
            case .open: .open
            case .map, .read: .read
            case .write, .close: .write
            case .synchronize: .sync
            }
        self.init(same, Path(error.path), code: code)
    }

    /// Runs what reads or writes files of arrays: what the system refuses becomes a `FileError`, so that a full disk
    /// is one wherever it is met.
    static func unifying<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as ArrayFileError {
            if let unified = FileError(error) { throw unified }
            throw error
        }
    }
}
