import Files
import Spool
import Testing

@Suite("Outputs of several users")
struct OutputOwnerTests {
    private func name(_ text: String) throws -> FileName { try #require(FileName(text)) }

    @Test func anotherUsersPictureOfThatNameHasAnOutputOfItsOwn() throws {
        let spool = try SpoolFixture()
        let disk = try SpoolDisk(spool.options)
        let source = try #require(RelativeName("a.png"))
        func publish(_ text: String, owner: UInt32?) throws -> String {
            let staged = try disk.stage(Array(text.utf8), names: [name("a.png")], sourceOwner: owner)
            return try disk.publish(staged, of: source).text
        }
        #expect(try publish("one", owner: 1001) == "a.png")
        #expect(try publish("two", owner: 1002) == "a~1002.png")
        #expect(try publish("one again", owner: 1001) == "a.png")
        #expect(try publish("two again", owner: 1002) == "a~1002.png")
        #expect(spool.tree("out") == ["a.png": "one again", "a~1002.png": "two again"])
        // What somebody else put there is replaced, as always.
        try spool.write("somebody else\u{2019}s", to: "out/a.png")
        #expect(try publish("three", owner: 1003) == "a.png")
    }

    /// A source of that very name keeps its own.
    @Test func aNameWithANumberMayBelongToAnotherSource() throws {
        let spool = try SpoolFixture()
        let disk = try SpoolDisk(spool.options)
        func publish(_ source: String, owner: UInt32) throws -> String {
            let staged = try disk.stage(Array(source.utf8), names: [name(source)], sourceOwner: owner)
            return try disk.publish(staged, of: try #require(RelativeName(source))).text
        }
        for owner in [1002, 1001] as [UInt32] { _ = try publish("a~1002.png", owner: owner) }
        #expect(try publish("a.png", owner: 1001) == "a.png")
        let third = try publish("a.png", owner: 1002)
        #expect(!["a.png", "a~1002.png"].contains(third))
        #expect(spool.tree("out").count == 4)
    }

    @Test func aLongNameIsShortened() throws {
        let long = try #require(RelativeName("sub/\(String(repeating: "x", count: 251)).png"))
        let own = outputName(long, ofOwner: 65_534)
        #expect(own.last.bytes.count == 255 && own.text.hasSuffix("x~65534.png"))
    }
}
