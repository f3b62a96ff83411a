import Files
import Testing

@Suite struct FNVTests {
    /// Values of the reference implementation (draft-eastlake-fnv).
    @Test func knownValues() {
        #expect(FNV.hash([]) == 0xCBF2_9CE4_8422_2325)
        #expect(FNV.hash("a".utf8) == 0xAF63_DC4C_8601_EC8C)
        #expect(FNV.hash("foobar".utf8) == 0x8594_4171_F739_67E8)
        #expect(FNV.hash("bar".utf8, after: FNV.hash("foo".utf8)) == FNV.hash("foobar".utf8))
    }
}
