/// How long, and how much, of what is done with is kept. Off unless said otherwise.
public struct RetentionLimits: Equatable, Sendable {
    /// Counted from when a file was put there, not from when the picture was taken.
    public var age: Duration?
    /// Beyond it the oldest go first.
    public var byteCount: Int?

    public init(age: Duration? = nil, byteCount: Int? = nil) {
        self.age = age
        self.byteCount = byteCount
    }

    var isOff: Bool { age == nil && byteCount == nil }
}
