/// At which scales an image was restored, and why at no others.
public struct ScaleReport: Sendable, Equatable {
    /// One of the coarser scales.
    public struct Level: Sendable, Equatable {
        public enum Outcome: Sendable, Equatable {
            /// The image would be too small: see `ScaleMode`.
            case leftOut
            /// The change went into the next finer scale.
            case kept(ScaleChange)
            /// The change was dropped.
            case notNeeded(ScaleChange)
        }

        /// By which the image was made smaller.
        public let factor: Int
        public let outcome: Outcome

        /// Nil where the scale was left out.
        var change: ScaleChange? {
            switch outcome {
            case .leftOut: nil
            case .kept(let change), .notNeeded(let change): change
            }
        }
    }

    /// What was asked for, or what `auto` looks at: rising, from 1 on.
    public let asked: [Int]
    /// Coarsest first, without the full size.
    public let levels: [Level]

    /// The factors whose changes are in the result: rising, from 1 on.
    public var kept: [Int] {
        [1]
            + levels.reversed().compactMap { level in
                if case .kept = level.outcome { level.factor } else { nil }
            }
    }
}
