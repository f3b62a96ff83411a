import Datasets
import Foundation
import Images
import Synchronization
import TestSupport
import Testing
import Weather

@Suite("Synthesis")
struct SynthesisTests {
    private let fixture: PairFixture

    init() throws {
        fixture = try PairFixture()
        for number in 0..<3 {
            try fixture.write("photos/p\(number).png", number: number, width: 40, height: 32)
        }
    }

    private func synthesis(
        _ output: String, kinds: [WeatherKind] = WeatherKind.allCases, count: Int? = 4, seed: UInt64 = 1,
        replaces: Bool = false
    ) throws -> Synthesis {
        try Synthesis(
            clean: fixture.path("photos"), output: fixture.path(output), recipe: WeatherRecipe(kinds),
            countPerKind: count, seed: seed, replaces: replaces)
    }

    private func files(_ folder: String) throws -> [String: Data] {
        let root = fixture.folder.path(folder)
        let names = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(".png") }
        return Dictionary(
            uniqueKeysWithValues: try names.map {
                ($0, try Data(contentsOf: URL(fileURLWithPath: root + "/" + $0)))
            })
    }

    @Test("Writes the challenge's layout, which can be read again")
    func layout() throws {
        let advances = Atomic<Int>(0)
        let results = try synthesis("out").run(threadCount: 2) {
            advances.add(1, ordering: .relaxed)
        }
        #expect(advances.load(ordering: .relaxed) == 8)
        #expect(results.map(\.kind) == [.rain, .snow])
        #expect(results.allSatisfy { $0.statistics.meanRise > 0 && $0.statistics.psnr < 40 })
        let names = try files("out").keys.sorted()
        let expected = ["rain", "snow"].flatMap { kind in
            (1...4).flatMap { ["train/clean/\(kind)_clean-\($0).png", "train/degraded/\(kind)-\($0).png"] }
        }
        #expect(names == expected.sorted())
        let source = try PairFolders(fixture.path("out"))
        #expect(source.count == 8)
        let photographs = try (0..<8).map {
            try source.pair(at: $0, .whole(seed: 1, index: $0)).clean.samples[2]
        }
        // All three before any comes again.
        #expect(Set(photographs.prefix(3)) == [0, 1, 2])
    }

    @Test("The same files whatever the threads; others for another seed")
    func threads() throws {
        _ = try synthesis("one").run(threadCount: 1)
        _ = try synthesis("three").run(threadCount: 3)
        _ = try synthesis("other", seed: 2).run(threadCount: 2)
        #expect(try files("one") == files("three"))
        #expect(try files("one") != files("other"))
    }

    @Test("What is there is not overwritten unasked; earlier pairs are replaced, other files stay")
    func replacing() throws {
        _ = try synthesis("out", count: 5).run(threadCount: 1)
        try fixture.write("out/train/degraded/mine.png")
        try fixture.write("out/notes.txt", bytes: [1])
        #expect(throws: SynthesisError.outputNotEmpty(fixture.path("out"))) { try synthesis("out") }
        _ = try synthesis("out", kinds: [.snow], count: nil, replaces: true).run(threadCount: 1)
        let names = try files("out").keys.sorted()
        #expect(names.filter { $0.contains("/rain") }.isEmpty)
        #expect(names.filter { $0.contains("snow") }.count == 6)
        #expect(names.contains("train/degraded/mine.png"))
        #expect(FileManager.default.fileExists(atPath: fixture.folder.path("out/notes.txt")))
    }

    @Test("The output cannot lie among the photographs", arguments: ["photos", "photos/deep/out"])
    func within(output: String) throws {
        #expect(
            throws: SynthesisError.outputWithinClean(
                output: fixture.path(output), clean: fixture.path("photos"))
        ) {
            try synthesis(output)
        }
    }

    @Test("No photographs, or a bad one")
    func bad() throws {
        try fixture.write("empty/readme.txt", bytes: [1])
        #expect(throws: DatasetError.noPictures(fixture.path("empty"))) {
            try Synthesis(
                clean: fixture.path("empty"), output: fixture.path("x"), recipe: WeatherRecipe([.rain]),
                countPerKind: 1, seed: 1)
        }
        try fixture.write("photos/bad.png", bytes: [1, 2, 3])
        let error = #expect(throws: DatasetError.self) {
            try synthesis("out", count: 8).run(threadCount: 2)
        }
        #expect(error?.description.contains("bad.png") == true)
    }
}
