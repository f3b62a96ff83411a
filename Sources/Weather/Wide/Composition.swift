/// How rain or snow is composed with the picture.
enum Composition {
    /// Its light is added.
    case additive
    /// Its light is added, and a bright picture takes less of it.
    case screen
    /// It covers the background.
    case covering

    /// - Parameters:
    ///   - share: uniform in [0, 1).
    ///   - additive: probability of `additive`.
    ///   - screen: probability of `screen`.
    init(_ share: Double, additive: Double, screen: Double) {
        self = share < additive ? .additive : share < additive + screen ? .screen : .covering
    }

    /// Returns a grey level behind something with an opacity (not below 0) and a brightness.
    @inline(__always)
    func over(_ value: Double, opacity: Double, light: Double) -> Double {
        switch self {
        case .additive: value + light * opacity
        case .screen: 255 - (255 - value) * (1 - min(opacity, 1) * light / 255)
        case .covering: value + (light - value) * min(opacity, 0.95)
        }
    }
}

/// Returns the nearest grey level, within 0…255.
@inline(__always)
func rounded(_ value: Double) -> UInt8 {
    UInt8(min(max(value, 0), 255) + 0.5)
}
