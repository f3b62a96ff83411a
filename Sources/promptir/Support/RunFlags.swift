import ArgumentParser
import Files
import PromptIR
import Restoration
import Training

/// Where and how long a run goes, and with what; nothing here changes what it computes, but for a time limit.
struct RunFlags: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("Folder of the run; made for it.", valueName: "DIR"))
    var output: Path

    @Flag(help: "Go on with the run in --output. Its settings hold; flags that differ are refused.")
    var resume = false

    @Option(
        help: ArgumentHelp(
            "Network to train from scratch: compact, published, or a TOML file. Default: compact.",
            valueName: "name|FILE"))
    var config: Path?

    @Option(
        help: ArgumentHelp("Instead of --config: weights to begin from, of any container.", valueName: "FILE")
    )
    var initial: Path?

    @Option(
        help: ArgumentHelp(
            "End after so many minutes; the cosine then ends there, too. Results depend on the clock with it.",
            valueName: "minutes"))
    var minutes: Double?

    @Option(
        help: ArgumentHelp("Save the state so often, and after every epoch.", valueName: "minutes"))
    var saveEvery = 5.0

    @Option(help: ArgumentHelp("Cores to use. Default: all that the process may.", valueName: "N"))
    var threads: Int?

    @Option(
        help: ArgumentHelp(
            "Activations until the backward pass: keep them, recompute them, or auto: keep them where they fit.",
            valueName: "plan"))
    var memory = MemoryFlag.auto

    @Option(
        help: ArgumentHelp(
            "Memory to plan with, such as 4G. Default: what the control group allows or is available.",
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
            case .auto: .automatic(limit: memoryLimit?.bytes ?? MemoryLimit.detected())
            case .keep: .always(.keep)
            case .recompute: .always(.recompute)
            }
        return TrainingLimits(
            threadCount: threads ?? CoreCount.available(), memory: choice, saveSeconds: 60 * saveEvery,
            secondLimit: minutes.map { 60 * $0 })
    }

    /// The network that a new run begins with.
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
