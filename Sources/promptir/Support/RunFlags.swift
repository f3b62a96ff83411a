import ArgumentParser
import Files
import ProcessLimits
import PromptIR
import Restoration
import Training

/// The flags for a run's folder, network, duration and resources. Except for a time limit, they do not change what it
/// computes.
struct RunFlags: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Folder of the run; created if it is missing.", valueName: "DIR"))
    var output: Path

    @Flag(help: "Continue the run in --output with its settings; flags that differ are refused.")
    var resume = false

    @Option(
        help: ArgumentHelp(
            "Network to train from scratch: compact, published, or a TOML file. Default: compact.",
            valueName: "name|FILE"))
    var config: Path?

    @Option(
        help: ArgumentHelp("Checkpoint to start from, instead of --config.", valueName: "FILE")
    )
    var initial: Path?

    @Option(
        help: ArgumentHelp(
            "Stop after this many minutes, where the cosine then ends, too; --resume keeps them. Results then depend on the clock.",
            valueName: "minutes"))
    var minutes: Double?

    @Option(
        help: ArgumentHelp(
            "Minutes between saves of the state, which is also saved after every epoch.", valueName: "minutes"
        ))
    var saveEvery = 5.0

    @Option(
        help: ArgumentHelp("Cores to use. Default: all that are available to the process.", valueName: "N"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Keep activations until the backward pass, recompute them, or auto to keep them if they fit.",
            valueName: "plan"))
    var memory = MemoryFlag.auto

    @Option(
        help: ArgumentHelp(
            "Memory to plan for, such as 4G. Default: what the control group allows or is available.",
            valueName: "size"))
    var memoryLimit: ByteCount?

    enum MemoryFlag: String, ExpressibleByArgument, CaseIterable {
        case auto, keep, recompute
    }

    func validate() throws {
        guard config == nil || initial == nil else {
            throw ValidationError("--config and --initial: expected one of them")
        }
        guard (minutes ?? 1) > 0 else { throw ValidationError("--minutes: expected more than 0") }
        guard saveEvery > 0 else { throw ValidationError("--save-every: expected more than 0") }
        guard (1...1024).contains(threads ?? 1) else {
            throw ValidationError("--threads \(threads ?? 0): expected 1 to 1024")
        }
    }

    var limits: TrainingLimits {
        let choice: MemoryChoice =
            switch memory {
            case .auto:
                .automatic(
                    limit: memoryLimit?.bytes ?? MemoryLimit.detected(share: MemoryLimit.trainingShare))
            case .keep: .always(.keep)
            case .recompute: .always(.recompute)
            }
        return TrainingLimits(
            threadCount: threads ?? CoreCount.available(), memory: choice, saveSeconds: 60 * saveEvery,
            secondLimit: minutes.map { 60 * $0 })
    }

    /// Returns the network that a new run starts with.
    func network() throws -> NetworkChoice {
        if let initial { return .checkpoint(initial) }
        switch config?.text {
        case nil where config == nil, "compact": return .scratch(.compact)
        case "published": return .scratch(.published)
        default:
            let path = config ?? "compact"
            let text = String(decoding: try WholeFiles.read(path, limit: 1 << 20), as: UTF8.self)
            return .scratch(try NetworkFile.configuration(text: text, path: path.description))
        }
    }
}
