import RandomNumbers

/// Splits pairs into training and validation by scene, so that no clean picture is on both sides.
package struct PairSplit: Sendable, Equatable {
    /// Indices of pairs, ascending.
    package let training: [Int]
    package let validation: [Int]

    /// - Parameters:
    ///   - scenes: the scene of every pair's clean picture.
    ///   - fraction: the share of the scenes for validation, rounded to the nearest number, at least one.
    /// - Throws: `cannotSplit` if one side would be empty.
    package init(scenes: [SceneKey], fraction: Double, seed: UInt64) throws(DatasetError) {
        var places: [SceneKey: Int] = [:]
        let numbered = scenes.map { scene in
            let place = places[scene] ?? places.count
            places[scene] = place
            return place
        }
        let sceneCount = places.count
        guard fraction > 0, fraction < 1, sceneCount > 1 else {
            throw .cannotSplit(fraction: fraction, sceneCount: sceneCount)
        }
        let heldOutCount = max(1, Int((fraction * Double(sceneCount)).rounded()))
        guard heldOutCount < sceneCount else {
            throw .cannotSplit(fraction: fraction, sceneCount: sceneCount)
        }
        var numbers = RandomSequence(seed, Purpose.split.rawValue)
        let heldOut = Set(numbers.permutation(of: sceneCount).prefix(heldOutCount))
        training = numbered.indices.filter { !heldOut.contains(numbered[$0]) }
        validation = numbered.indices.filter { heldOut.contains(numbered[$0]) }
    }
}
