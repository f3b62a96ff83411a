import ArrayFiles
import Testing

@Suite("Tricks with zip files")
struct ZipTrickTests {
    private static let data = [UInt8]("some data".utf8)

    private static func builder(_ change: (inout ZipBuilder) -> Void = { _ in }) -> [UInt8] {
        var builder = ZipBuilder(entries: [.init("a.npy", data), .init("b.npy", data)])
        change(&builder)
        return builder.build()
    }

    private func expect(
        _ problem: ZipProblem, sourceLocation: SourceLocation = #_sourceLocation,
        _ change: (inout ZipBuilder) -> Void
    ) {
        let bytes = Self.builder(change)
        expectProblem(.zip(problem), sourceLocation: sourceLocation) {
            _ = try NpzFile(bytes: bytes, path: $0)
        }
    }

    @Test func honestFilesAreListed() throws {
        #expect(try NpzFile(bytes: Self.builder(), path: "p").names == ["a", "b"])
        #expect(
            try NpzFile(bytes: Self.builder { $0.comment = Array("hello".utf8) }, path: "p").names == [
                "a", "b",
            ])
        #expect(try NpzFile(bytes: ZipBuilder().build(), path: "p").names == [])
        let folder = Self.builder { $0.entries.append(.init("folder/", [])) }
        #expect(try NpzFile(bytes: folder, path: "p").names == ["a", "b"])
    }

    @Test func truncationIsNamed() {
        let bytes = Self.builder()
        for count in 0..<bytes.count {
            expectProblem(.zip(.noEndRecord)) { _ = try NpzFile(bytes: Array(bytes.prefix(count)), path: $0) }
        }
    }

    @Test(arguments: ["", "/etc/passwd", "../a", "a/../b", "a\\..\\b", "..\\b", "a\u{0}b", ".."])
    func badNamesAreRefused(_ name: String) {
        expect(.badName(entry: 1)) { $0.entries[1] = .init(name, Self.data) }
    }

    @Test func namesThatAreNoTextAreRefused() {
        expect(.badName(entry: 0)) { $0.entries[0].name = [0xFF, 0xFE] }
    }

    @Test func entriesThatShareNameOrPlaceAreRefused() {
        expect(.duplicateName("a.npy")) { $0.entries[1].name = Array("a.npy".utf8) }
        expect(.overlap("a.npy", "b.npy")) {
            // The first one's data reaches over the second's header.
            $0.entries[0].compressedByteCount = 20
            $0.entries[0].byteCount = 20
            $0.entries[0].flags = 1 << 3
        }
        expect(.headerMismatch("b.npy", field: "name")) { $0.entries[1].offset = 0 }
    }

    @Test func headersMustAgreeWithTheDirectory() {
        expect(.headerMismatch("a.npy", field: "name")) { $0.entries[0].localName = Array("c.npy".utf8) }
        expect(.headerMismatch("a.npy", field: "size")) { $0.entries[0].localByteCount = 3 }
        expect(.headerMismatch("a.npy", field: "compression")) { $0.entries[0].localMethod = 8 }
        expect(.headerMismatch("a.npy", field: "checksum")) { $0.entries[0].localChecksum = 3 }
        expect(.headerMismatch("a.npy", field: "place")) { $0.entries[0].localSignature = 3 }
        expect(.headerMismatch("a.npy", field: "place")) { $0.entries[0].offset = 0xFFFF_FFF0 }
        expect(.headerMismatch("a.npy", field: "size")) {
            // Stored, yet of two sizes.
            $0.entries[0].byteCount = 8
        }
    }

    @Test func entriesStayBeforeTheDirectory() {
        expect(.outOfRange("b.npy")) {
            $0.entries[1].compressedByteCount = 10
            $0.entries[1].flags = 1 << 3
        }
        expect(.outOfRange("b.npy")) {
            $0.entries[1].compressedByteCount = 0xFFFF_FFFF
            $0.entries[1].flags = 1 << 3
        }
    }

    @Test func encryptionAndOtherCompressionsAreRefused() {
        expect(.encrypted("a.npy")) { $0.entries[0].flags = 1 }
        expect(.unsupportedCompression("a.npy", method: 14)) { $0.entries[0].method = 14 }
        expect(.severalDisks) { $0.entries[0].disk = 1 }
    }

    @Test func theDirectoryMustEndAtItsRecord() {
        expect(.inconsistentDirectory) { $0.directoryOffset = 0 }
        expect(.inconsistentDirectory) { $0.entryCount = 1 }
        expect(.inconsistentDirectory) { $0.entryCount = 60_000 }
        expect(.inconsistentDirectory) { $0.beforeEnd = [0] }
        var bytes = Self.builder()
        bytes[88] ^= 1
        expectProblem(.zip(.damagedRecord("directory entry 0", offset: 88))) {
            _ = try NpzFile(bytes: bytes, path: $0)
        }
    }

    @Test func zip64RecordsAreChecked() {
        let locator = little(UInt32(0x0706_4B50)) + little(UInt32(0))
        for place in [0, 5, 200, UInt64.max, UInt64(Int.max)] {
            let bytes = Self.builder { $0.beforeEnd = locator + little(place) + little(UInt32(1)) }
            expectProblem(.zip(.damagedRecord("Zip64 end record", offset: bytes.count - 42))) {
                _ = try NpzFile(bytes: bytes, path: $0)
            }
        }
    }

    @Test func bombsAreRefusedBeforeTheyInflate() throws {
        expect(.absurdSize("a.npy", byteCount: 0xFFFF_FFF0)) {
            $0.entries[0].method = 8
            $0.entries[0].byteCount = 0xFFFF_FFF0
        }
        // Damaged, too short and too long streams.
        for data in [Self.data, [3, 0], [0x01, 0x05, 0x00, 0xFA, 0xFF, 1, 2, 3, 4, 5]] {
            let bytes = Self.builder {
                $0.entries[0] = .init("a.npy", data)
                $0.entries[0].method = 8
                $0.entries[0].byteCount = 4
            }
            let file = try NpzFile(bytes: bytes, path: "/some/file")
            expectProblem(.zip(.damagedStream("a.npy"))) { _ in _ = try file.array(named: "a") }
        }
    }

    @Test func checksumsAreCompared() throws {
        let bytes = Self.builder {
            $0.entries[0].checksum = 1
        }
        let file = try NpzFile(bytes: bytes, path: "/some/file")
        expectProblem(.zip(.wrongChecksum("a.npy"))) { _ in _ = try file.array(named: "a") }
    }
}
