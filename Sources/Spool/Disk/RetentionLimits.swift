/// Limits on the age and size of the archive, of the failed pictures or of the outbox. By default nothing is removed.
package struct RetentionLimits: Equatable, Sendable {
    /// The greatest age, counted from when the file was put into the folder.
    package var age: Duration?
    /// The greatest total size in bytes. Above it the oldest files are removed first.
    package var byteCount: Int?

    package init(age: Duration? = nil, byteCount: Int? = nil) {
        self.age = age
        self.byteCount = byteCount
    }

    var isOff: Bool { age == nil && byteCount == nil }
}
