/// What bounds a run but not what it computes.
package struct TrainingLimits: Sendable, Equatable {
    /// Cores to use.
    package var threadCount: Int
    package var memory: MemoryChoice
    /// The state is saved at least so often.
    package var saveSeconds: Double
    /// Training ends after so many seconds, over all resumptions; the learning rate's cosine ends there too.
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
