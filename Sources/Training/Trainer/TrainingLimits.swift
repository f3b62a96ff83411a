/// The limits of a run that do not affect its results.
package struct TrainingLimits: Sendable, Equatable {
    /// The number of cores to use.
    package var threadCount: Int
    package var memory: MemoryChoice
    /// The longest time between saves of the state, in seconds.
    package var saveSeconds: Double
    /// The time after which training ends, in seconds over all resumptions. The learning rate's cosine ends there,
    /// too.
    package var secondLimit: Double?

    package init(
        threadCount: Int, memory: MemoryChoice, saveSeconds: Double = 300, secondLimit: Double? = nil
    ) {
        self.threadCount = threadCount
        self.memory = memory
        self.saveSeconds = saveSeconds
        self.secondLimit = secondLimit
    }
}
