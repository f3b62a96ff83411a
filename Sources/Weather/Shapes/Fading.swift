/// Decreases smoothly from 1 within a core to 0 at a distance: (1 − t²)², where t grows from 0 at the core's
/// border to 1.
struct Fading {
    private let core: Double
    private let inverseSpan: Double
    private let inverseSquare: Double

    /// - Parameters:
    ///   - reach: the distance of 0, positive.
    ///   - core: the share of the reach within which nothing fades, in [0, 1).
    @inline(__always)
    init(reach: Double, core: Double) {
        self.core = core * reach
        inverseSpan = 1 / (reach - core * reach)
        inverseSquare = 1 / (reach * reach)
    }

    @inline(__always)
    func coverage(squaredDistance: Double) -> Double {
        if core == 0 {
            let rest = 1 - squaredDistance * inverseSquare
            return rest > 0 ? rest * rest : 0
        }
        let beyond = (squaredDistance.squareRoot() - core) * inverseSpan
        guard beyond > 0 else { return 1 }
        let rest = 1 - beyond * beyond
        return beyond < 1 ? rest * rest : 0
    }
}
