import Files
import Testing

@Suite struct CounterpartsTests {
    private let counterparts = Counterparts([
        "a.png", "a.jpg", "b.png", "sub/b.jpg", Path(bytes: [0xE9, 0x2E, 0x70]),
    ])

    @Test(
        arguments: [
            ("a.png", "a.png"), ("b.jpg", "b.png"), ("sub/b.png", "sub/b.jpg"), ("a.jpeg", nil),
            ("c.png", nil),
        ] as [(Path, Path?)])
    func theSameNameOrTheOnlyOneThatDiffersInItsExtension(name: Path, expected: Path?) {
        #expect(counterparts.counterpart(of: name) == expected)
    }

    @Test func namesAreBytes() {
        #expect(
            counterparts.counterpart(of: Path(bytes: [0xE9, 0x2E, 0x71])) == Path(bytes: [0xE9, 0x2E, 0x70]))
        #expect(counterparts.counterpart(of: Path(bytes: [0xE8, 0x2E, 0x70])) == nil)
    }
}
