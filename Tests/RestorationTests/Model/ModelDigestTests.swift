import Files
import Foundation
import Restoration
import TestSupport
import Testing

@Suite struct ModelDigestTests {
    /// FIPS 180-4's examples, and lengths about the block's.
    @Test(arguments: [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func itIsTheOneOfSha256sum(text: String, count: Int, expected: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array(String(repeating: text, count: count).utf8), to: "m")
        #expect(try Model.digest(of: Path(path)) == "sha256:" + expected)
    }

    @Test func lengthsAboutABlockAgreeWithTheSystems() throws {
        let folder = try TemporaryFolder()
        let counts = [55, 56, 57, 63, 64, 65, 119, 120, 128, (1 << 20) - 1, (1 << 20) + 1, (1 << 21) + 63]
        for count in counts {
            try folder.write((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }, to: "f\(count)")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sha256sum"] + counts.map { folder.path("f\($0)") }
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let digests = output.split(separator: "\n").map { "sha256:" + $0.prefix(64) }
        #expect(try counts.map { try Model.digest(of: Path(folder.path("f\($0)"))) } == digests)
    }

    @Test func aFileThatIsAbsentIsNamed() {
        #expect(throws: FileError.self) { try Model.digest(of: "/absent") }
    }
}
