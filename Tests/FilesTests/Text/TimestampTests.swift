import Files
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (4_102_444_799, "2099-12-31T23:59:59Z"),
    ])
    func timesAreRFC3339(seconds: Int, expected: String) {
        #expect(Timestamp.text(.seconds(seconds)) == expected)
        #expect(Timestamp.text(seconds: seconds, nanoseconds: 999_999_999).hasSuffix(".999Z"))
    }
}
