import Files
import PromptIR
import Restoration
import Terminals

/// The line that `--explain` prints for a restored picture: the scales in the result, how much the picture
/// changed, and the network's change at each coarser scale, coarsest first.
struct Explanation: CustomStringConvertible {
    let name: Path
    let report: RestorationReport

    var description: String {
        let (scales, change) = (report.scales, report.change)
        let head =
            "\(name): scales \(ScaleMode.factors(scales.kept)) (of \(ScaleMode.factors(scales.asked))), "
            + (report.strength < 1 ? "strength \(fixed(report.strength, 2)), " : "")
            + "changed \(fixed(change.mean, 1)) levels on average, \(percent(change.share)) of the pixels"
        return ([head] + scales.levels.map(text)).joined(separator: "; ")
    }

    private func text(_ level: ScaleReport.Level) -> String {
        let outcome =
            switch level.outcome {
            case .leftOut: "left out, as the picture would be too small"
            case .kept(let change): "\(text(change)), kept"
            case .notNeeded(let change): "\(text(change)), not needed"
            }
        return "level \(level.factor): \(outcome)"
    }

    private func text(_ change: ScaleChange) -> String {
        "structure \(fixed(change.structure, 2)), \(percent(change.changedShare)) of the pixels"
    }

    private func percent(_ share: Double) -> String { "\(fixed(share * 100, 1)) %" }
}
