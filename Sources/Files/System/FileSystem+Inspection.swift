/// What only tests need of it.
extension FileSystem {
    /// Injects faults of single names.
    package init(interceptingPaths interceptor: @escaping @Sendable (FileOperation, Path) -> Errno?) {
        self.interceptor = interceptor
    }
}
