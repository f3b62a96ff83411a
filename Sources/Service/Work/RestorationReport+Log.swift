import PromptIR
import Restoration
import Terminals

extension RestorationReport {
    /// What the log says of a restored picture beside its name: the scales whose changes it holds, the mean change in
    /// 8-bit levels, and the share of changed pixels from 0 to 1.
    package var logFields: [String: String] {
        [
            "scales": ScaleMode.factors(scales.kept).description, "mean_change": fixed(change.mean, 2),
            "changed_share": fixed(change.share, 4),
        ]
    }
}
