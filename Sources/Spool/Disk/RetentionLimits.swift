/// How long, and how much, of what is done with is kept. Off unless said otherwise.
package struct RetentionLimits: Equatable, Sendable {
    /// Counted from when a file was put there, not from when the picture was taken.
    package var age: Duration?
    /// Beyond it the oldest go first.
    package var byteCount: Int?

    package init(age: Duration? = nil, byteCount: Int? = nil) {
        self.age = age
        self.byteCount = byteCount
    }

    var isOff: Bool { age == nil && byteCount == nil }
}
