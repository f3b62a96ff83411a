import Files
import Logging
import PromptIR
import Service
import Spool
import TestSupport
import Testing

private let folders = "inbox = \"/in\"\noutbox = \"/out\"\n"

private func load(_ text: String, _ flags: [(String, String)] = []) throws -> LayeredConfiguration {
    var overrides = ConfigurationOverrides()
    for (key, value) in flags { overrides.set(key, to: value) }
    return try LayeredConfiguration(file: ConfigurationFile(path: "t.toml", text: text), overrides: overrides)
}

private func refusal(_ body: () throws -> some Sendable) -> ConfigurationError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? ConfigurationError
    }
}

@Suite struct ConfigurationTests {
    private static let everyKey = """
        inbox = "/a"
        outbox = "/b"
        spool = "/c"
        shard = "1/4"
        model = "/d.safetensors"
        precision = "bfloat16"
        workers = 3
        threads = 4
        scales = "1,2,4"
        tile = 512
        tile-overlap = 16
        tta = true
        strength = 0.75
        memory-limit = "3G"
        originals = "delete"
        format = "jpeg"
        jpeg-quality = 80
        bundle = false
        bundle-folder = "/e"
        report = true
        archive-max-age = "30d"
        archive-max-bytes = "10G"
        failed-max-age = 90
        failed-max-bytes = "3K"
        outbox-max-age = "12h"
        outbox-max-bytes = "2M"
        settle-seconds = 0.25
        rescan-seconds = 60
        max-attempts = 5
        max-side = 1000
        max-pixels = 1000000
        max-file-size = "64M"
        drain-seconds = 10
        stall-seconds = 30.5
        metrics-file = "/m.prom"
        log-level = "debug"
        log-format = "json"
        """

    @Test func aFileSetsEveryKey() throws {
        var expected = ServiceConfiguration()
        (expected.inbox, expected.outbox, expected.spool) = ("/a", "/b", "/c")
        expected.model = "/d.safetensors"
        expected.precision = .bfloat16
        expected.shard = try .part(#require(Shard(index: 1, count: 4)))
        expected.archiveMaxAge = .seconds(30 * 86_400)
        expected.archiveMaxBytes = 10 << 30
        expected.failedMaxAge = .seconds(90)
        expected.failedMaxBytes = 3 << 10
        expected.outboxMaxAge = .seconds(12 * 3600)
        expected.outboxMaxBytes = 2 << 20
        expected.metricsFile = "/m.prom"
        (expected.workers, expected.threads) = (3, 4)
        expected.scales = .factors([1, 2, 4])
        expected.tile = .size(512)
        expected.tileOverlap = 16
        expected.tta = true
        expected.strength = 0.75
        expected.originals = .delete
        expected.format = .jpeg
        expected.jpegQuality = 80
        expected.bundle = false
        expected.bundleFolder = "/e"
        expected.report = true
        expected.settle = .milliseconds(250)
        expected.rescan = .seconds(60)
        expected.maxAttempts = 5
        expected.maxSide = 1000
        expected.maxPixels = 1_000_000
        (expected.memoryLimit, expected.maxFileSize) = (3 << 30, 64 << 20)
        expected.drain = .seconds(10)
        expected.stall = .milliseconds(30_500)
        expected.logLevel = .debug
        expected.logFormat = .json
        let loaded = try load(Self.everyKey)
        #expect(loaded.configuration == expected)
        #expect(loaded.layers.count == Setting.all.count)
        // What is printed can be read back.
        #expect(try load(loaded.text).configuration == expected)
    }

    @Test func flagsWinOverTheFile() throws {
        let loaded = try load(
            folders + "workers = 3\ntta = true\n",
            [("workers", "auto"), ("outbox", "/else"), ("jpeg-quality", "7"), ("settle-seconds", "1.5")])
        #expect(loaded.configuration.workers == nil)
        #expect(loaded.configuration.outbox == "/else")
        #expect(loaded.configuration.jpegQuality == 7)
        #expect(loaded.configuration.settle == .milliseconds(1500))
        #expect(loaded.configuration.tta)
        #expect(loaded.text.contains("workers = \"auto\"  # flag\n"))
        #expect(loaded.text.contains("tta = true  # file\n"))
        #expect(loaded.text.contains("format = \"same\"\n"))
    }

    @Test func flagsAloneAreEnough() throws {
        var overrides = ConfigurationOverrides()
        overrides.set("inbox", to: "in/")
        overrides.set("outbox", to: "out")
        overrides.set("tta", to: nil)
        let configuration = try LayeredConfiguration(path: nil, overrides: overrides).configuration
        #expect(configuration.spoolLayout.spool == "in.spool")
        #expect(configuration.effectiveBundleFolder == "out")
    }

    @Test(
        arguments: [
            ("worker = 1", "did you mean 'workers'?"), ("jpeg_quality = 1", "did you mean 'jpeg-quality'?"),
            ("Inbox = \"/x\"", "did you mean 'inbox'?"), ("max_pixel = 1", "did you mean 'max-pixels'?"),
            ("zzzzzzzzzz = 1", "see the comments of the shipped promptir-restored.toml for all keys"),
            ("[workers]\nn = 1", nil),
        ] as [(String, String?)])
    func unknownKeysAreNamedAndGuessed(line: String, advice: String?) throws {
        let error = try #require(refusal { try load(folders + line) })
        #expect(error.advice == advice)
        #expect(error.exitCode == 78)
        #expect(error.source == .file(path: "t.toml"))
        #expect(error.key != nil)
    }

    @Test(arguments: [
        ("workers = \"many\"", "\"auto\" or a whole number from 1 to 256", "the text \"many\""),
        ("workers = 0", "\"auto\" or a whole number from 1 to 256", "the whole number 0"),
        ("workers = 2.5", "\"auto\" or a whole number from 1 to 256", "the number 2.5"),
        ("tta = \"yes\"", "true or false", "the text \"yes\""),
        ("tta = 1", "true or false", "the whole number 1"),
        (
            "precision = \"int4\"", "one of \"float32\", \"bfloat16\", \"bfloat16-amx\", \"int8\"",
            "the text \"int4\""
        ),
        ("jpeg-quality = 101", "a whole number from 1 to 100", "the whole number 101"),
        ("jpeg-quality = true", "a whole number from 1 to 100", "true"),
        ("format = \"webp\"", "one of \"same\", \"png\", \"jpeg\"", "the text \"webp\""),
        ("settle-seconds = -1", "seconds from 0 to 3600", "the whole number -1"),
        ("settle-seconds = nan", "seconds from 0 to 3600", "the number nan"),
        ("model = 3", "a path in quotes", "the whole number 3"),
        ("model = [\"a\"]", "a path in quotes", "a value of type array"),
        ("model = 2024-01-01", "a path in quotes", "a value of type date"),
        (
            "tile = \"512\"", "\"auto\", \"off\" or a tile's side in pixels from 64 to 65535",
            "the text \"512\""
        ),
        ("tile = 63", "\"auto\", \"off\" or a tile's side in pixels from 64 to 65535", "the whole number 63"),
        (
            "log-level = \"loud\"",
            "one of \"trace\", \"debug\", \"info\", \"notice\", \"warning\", \"error\", \"critical\"",
            "the text \"loud\""
        ),
    ])
    func wrongValuesSayWhatWasExpectedAndFound(line: String, expected: String, found: String) throws {
        let error = try #require(refusal { try load(folders + line) })
        #expect(error.expected == expected)
        #expect(error.found == found)
        let key = try #require(line.split(separator: " ").first.map(String.init))
        #expect(error.description == "t.toml: key '\(key)': expected \(expected), found \(found)")
    }

    @Test(
        arguments: [
            ("\"auto\"", .auto), ("\"1\"", .factors([1])), ("1", .factors([1])),
            ("\"1,4\"", .factors([1, 4])),
            ("\"1,2,4,8\"", .factors([1, 2, 4, 8])),
        ] as [(String, ScaleMode)])
    func scalesAreATextOrTheFullSize(value: String, mode: ScaleMode) throws {
        #expect(try load(folders + "scales = \(value)").configuration.scales == mode)
    }

    @Test(arguments: [
        "\"\"", "\"0\"", "\"3\"", "2", "\"2,4\"", "\"1,1\"", "\"1,3\"", "\"16\"", "\"1,4,2\"", "[1, 2]",
    ])
    func otherScalesAreRefused(value: String) throws {
        let error = try #require(refusal { try load(folders + "scales = \(value)") })
        #expect(error.key == "scales" && error.exitCode == 78)
        #expect(
            error.expected
                == "\"auto\", or \"1\" followed by any of 2, 4 and 8 in rising order, such as \"1,2,4\"")
    }

    @Test func aWrongFlagIsTheCommandLinesFault() throws {
        let error = try #require(refusal { try load(folders, [("workers", "-1")]) })
        #expect(error.exitCode == 64)
        #expect(
            error.description
                == "--workers: expected \"auto\" or a whole number from 1 to 256, found \"-1\"")
    }

    @Test(arguments: [
        ("inbox = \"/a\"", "outbox"), ("outbox = \"/a\"", "inbox"),
        ("inbox = \"\"\noutbox = \"/a\"", "inbox"),
        ("inbox = \"/a\"\noutbox = \"/a\"", "outbox"), ("inbox = \"/a\"\noutbox = \"//a/./b/\"", "outbox"),
        ("inbox = \"/a/b\"\noutbox = \"/a\"", "outbox"),
        ("inbox = \"/a\"\noutbox = \"/b\"\nspool = \"/a/c\"", "spool"),
        (folders + "tile = 64\ntile-overlap = 33", "tile-overlap"),
    ])
    func combinationsAreChecked(text: String, key: String) throws {
        let error = try #require(refusal { try load(text) })
        #expect(error.key == key)
        #expect(error.exitCode == 78)
    }

    @Test(arguments: [
        // Neighbours with a common start.
        ("/a", "/ab", ""),
        // Hidden in the inbox, as an inbox that is a mount of its own needs it.
        ("/a", "/b", "/a/.spool"), ("/a", "/a/.out", "/b"),
        // The default spool is `..spool`, hidden in the inbox.
        (".", "../out", ""),
    ])
    func foldersApartAreNoOverlap(inbox: String, outbox: String, spool: String) throws {
        let text = "inbox = \"\(inbox)\"\noutbox = \"\(outbox)\"\nspool = \"\(spool)\""
        #expect(try load(text).configuration.outbox == Path(outbox))
    }

    @Test func missingFoldersWithoutAFileAreAUsageError() throws {
        let error = try #require(
            refusal { try LayeredConfiguration(path: nil, overrides: ConfigurationOverrides()) })
        #expect(error.exitCode == 64)
        #expect(error.description.contains("--inbox"))
    }
}

@Suite struct ConfigurationFileTests {
    @Test(arguments: ["inbox = ", "= 1", "a = 1\na = 2", "inbox = \"a", "[", "inbox = \"a\" b"])
    func faultsOfSyntaxNameTheLine(text: String) throws {
        let error = try #require(refusal { try ConfigurationFile(path: "t.toml", text: text) })
        #expect(error.expected == "TOML")
        #expect(error.found.contains("line "))
    }

    @Test func unreadableFilesAreNamed() throws {
        let folder = try TemporaryFolder()
        let absent = folder.path("absent.toml")
        let error = try #require(refusal { try ConfigurationFile(path: Path(absent)) })
        #expect(error.description.hasPrefix(absent + ": expected"))
        #expect(error.found == "No such file or directory")
        #expect(
            try #require(refusal { try ConfigurationFile(path: Path(folder.path)) }).found == "Is a directory"
        )
    }

    @Test(arguments: [
        ([0x61, 0, 0x62] as [UInt8], "a NUL byte in it"), ([0xFF, 0xFE], "bytes that are not UTF-8"),
        ([UInt8](repeating: 0x20, count: ConfigurationFile.maximumByteCount + 1), "more"),
    ])
    func hostileBytesAreRefused(bytes: [UInt8], found: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, to: "c.toml")
        #expect(try #require(refusal { try ConfigurationFile(path: Path(path)) }).found == found)
    }

    @Test func anEmptyFileSetsNothing() throws {
        let folder = try TemporaryFolder()
        #expect(try ConfigurationFile(path: Path(folder.write([], to: "c.toml"))).values.isEmpty)
    }
}
