/// Heights and widths of what the network takes: it halves its features three times.
package enum NetworkSide {
    /// Sides are multiples of this.
    package static let unit = 8

    /// A side rounded up to what the network takes.
    package static func roundedUp(_ side: Int) -> Int { (side + unit - 1) / unit * unit }

    /// Whether the network takes a picture of these sides as it is.
    package static func fits(height: Int, width: Int) -> Bool {
        height > 0 && width > 0 && height % unit == 0 && width % unit == 0
    }
}
