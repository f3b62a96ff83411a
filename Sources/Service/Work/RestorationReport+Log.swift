import PromptIR
import Restoration
import Terminals

extension RestorationReport {
    /// The log fields of a restored picture: the scales whose changes it contains, the mean change in 8-bit
    /// levels, the share of changed pixels from 0 to 1, and the strength if it is below 1.
    package var logFields: [String: String] {
        var fields = [
            "scales": ScaleMode.factors(scales.kept).description, "mean_change": fixed(change.mean, 2),
            "changed_share": fixed(change.share, 4),
        ]
        if strength < 1 { fields["strength"] = fixed(strength, 2) }
        return fields
    }
}
