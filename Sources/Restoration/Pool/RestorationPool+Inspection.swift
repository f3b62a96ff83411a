/// What only tests ask of a pool.
extension RestorationPool {
    /// Sessions that are kept for the next images.
    package var heldSessionCount: Int { workers.count(where: \.holdsSession) }
}
