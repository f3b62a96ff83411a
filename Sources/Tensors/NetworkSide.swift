/// The heights and widths that the network accepts. It halves its features three times.
package enum NetworkSide {
    /// Sides must be multiples of this.
    package static let unit = 8

    /// Returns a side rounded up to what the network accepts.
    package static func roundedUp(_ side: Int) -> Int { (side + unit - 1) / unit * unit }

    /// Whether the network accepts a picture of this size without padding.
    package static func fits(height: Int, width: Int) -> Bool {
        height > 0 && width > 0 && height % unit == 0 && width % unit == 0
    }
}
