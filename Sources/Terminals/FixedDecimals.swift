/// Formats a number with a fixed count of decimals, right-aligned; nil becomes "-".
package func fixed(_ value: Double?, _ decimals: Int, width: Int = 0) -> String {
    let text: String
    if let value, value.isFinite, abs(value) < 1e12 {
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        text =
            (value < 0 && scaled > 0 ? "-" : "") + String(scaled / scale)
            + (decimals == 0 ? "" : "." + String(repeating: "0", count: decimals - fraction.count) + fraction)
    } else {
        text = value.map { String($0) } ?? "-"
    }
    return String(repeating: " ", count: max(0, width - text.count)) + text
}
