/// The scales at which an image was restored, and why others were not used.
package struct ScaleReport: Sendable, Equatable {
    /// One of the coarser scales.
    package struct Level: Sendable, Equatable {
        package enum Outcome: Sendable, Equatable {
            /// The image would be too small; see `ScaleMode`.
            case leftOut
            /// The change was passed to the next finer scale.
            case kept(ScaleChange)
            /// The change was discarded.
            case notNeeded(ScaleChange)
        }

        /// The factor by which the image was made smaller.
        package let factor: Int
        package let outcome: Outcome

        /// The network's change; nil if the scale was not tried.
        var change: ScaleChange? {
            switch outcome {
            case .leftOut: nil
            case .kept(let change), .notNeeded(let change): change
            }
        }
    }

    /// The requested factors, or those that `auto` considers, ascending from 1.
    package let asked: [Int]
    /// The coarser scales, coarsest first, without the full size.
    package let levels: [Level]

    /// The factors whose changes are in the result, ascending from 1.
    package var kept: [Int] {
        [1]
            + levels.reversed().compactMap { level in
                if case .kept = level.outcome { level.factor } else { nil }
            }
    }
}
