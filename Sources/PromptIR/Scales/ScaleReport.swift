/// At which scales an image was restored, and why at no others.
package struct ScaleReport: Sendable, Equatable {
    /// One of the coarser scales.
    package struct Level: Sendable, Equatable {
        package enum Outcome: Sendable, Equatable {
            /// The image would be too small: see `ScaleMode`.
            case leftOut
            /// The change went into the next finer scale.
            case kept(ScaleChange)
            /// The change was dropped.
            case notNeeded(ScaleChange)
        }

        /// By which the image was made smaller.
        package let factor: Int
        package let outcome: Outcome

        /// Nil where the scale was left out.
        var change: ScaleChange? {
            switch outcome {
            case .leftOut: nil
            case .kept(let change), .notNeeded(let change): change
            }
        }
    }

    /// What was asked for, or what `auto` looks at: rising, from 1 on.
    package let asked: [Int]
    /// Coarsest first, without the full size.
    package let levels: [Level]

    /// The factors whose changes are in the result: rising, from 1 on.
    package var kept: [Int] {
        [1]
            + levels.reversed().compactMap { level in
                if case .kept = level.outcome { level.factor } else { nil }
            }
    }
}
