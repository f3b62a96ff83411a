import Terminals

/// Numbers of bytes and pixels for people.
enum Amount {
    static func bytes(_ count: Int) -> String {
        count < 1_000_000_000
            ? fixed(Double(count) / 1e6, 0) + " MB" : fixed(Double(count) / 1e9, 1) + " GB"
    }

    static func megapixels(_ count: Int) -> String {
        let number = Double(count) / 1e6
        return fixed(number, number < 10 ? 1 : 0) + " megapixels"
    }
}
