/// Properties that only tests use.
extension RestorationPool {
    /// The number of sessions that are kept for the next images.
    package var heldSessionCount: Int { workers.count(where: \.holdsSession) }
}
