import Spool

/// The part of the inbox's pictures that a process restores if several share the inbox.
package enum ShardSetting: Sendable, Equatable {
    /// All pictures.
    case whole
    case part(Shard)
    /// The part given by a scheduler's environment. `count` is used if the environment gives no count.
    case fromEnvironment(count: Int?)

    /// Parses `I/N`, `auto` or `auto/N`; an empty text means all pictures.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let count = parts.count == 2 ? Int(parts[1]) : nil
        switch (parts.count, parts[0]) {
        case (1, ""): self = .whole
        case (1, "auto"): self = .fromEnvironment(count: nil)
        case (2, "auto"):
            guard let count, Self.counts.contains(count) else { return nil }
            self = .fromEnvironment(count: count)
        case (2, let index):
            guard let index = Int(index), let count, Self.counts.contains(count),
                let shard = Shard(index: index, count: count)
            else { return nil }
            self = .part(shard)
        default: return nil
        }
    }

    private static let counts = 1...100_000

    /// The part, once it is resolved; nil for all pictures.
    package var shard: Shard? {
        if case .part(let shard) = self { shard } else { nil }
    }

    var text: String {
        switch self {
        case .whole: ""
        case .part(let shard): "\(shard.index)/\(shard.count)"
        case .fromEnvironment(let count): count.map { "auto/\($0)" } ?? "auto"
        }
    }

    /// Returns the part that Slurm (job arrays and job steps) or Kubernetes (indexed jobs) assigned to this process.
    ///
    /// An array goes before a job step, because every task of an array may start steps of its own.
    /// - Throws: `ConfigurationError`.
    package func resolved(_ environment: (String) -> String?) throws -> ShardSetting {
        guard case .fromEnvironment(let given) = self else { return self }
        func number(_ name: String) -> Int? { environment(name).flatMap { Int($0) } }
        func refusal(_ expected: String, _ advice: String) -> ConfigurationError {
            ConfigurationError(
                source: .combination, key: "shard", expected: expected, found: "\"\(text)\"", advice: advice)
        }
        let index: Int
        let known: Int?
        if let task = number("SLURM_ARRAY_TASK_ID") {
            // The task numbers of an array may start anywhere and have gaps of a constant step.
            let first = number("SLURM_ARRAY_TASK_MIN") ?? 0
            index = (task - first) / max(number("SLURM_ARRAY_TASK_STEP") ?? 1, 1)
            known = number("SLURM_ARRAY_TASK_COUNT")
        } else if let completion = number("JOB_COMPLETION_INDEX") {
            index = completion
            known = nil
        } else if let rank = number("SLURM_PROCID"), let count = number("SLURM_STEP_NUM_TASKS") {
            // SLURM_NTASKS would not do: a batch script has it too, as task 0 of a job whose other tasks nobody started.
            index = rank
            known = count
        } else {
            throw refusal(
                "SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, or SLURM_PROCID of a job step in the environment",
                "run it in an array or with srun, or give I/N")
        }
        guard let count = given ?? known, Self.counts.contains(count) else {
            throw refusal("the number of parts in the environment", "say of how many parts: auto/N")
        }
        guard let shard = Shard(index: index, count: count) else {
            throw refusal(
                "a part from 0 to \(count - 1)", "the environment says \(index): is N the array's size?")
        }
        return .part(shard)
    }
}
