import Datasets
import Images
import TestSupport
import Testing
import Weather

@Suite("Training data")
struct TrainingDataTests {
    private let fixture: PairFixture

    init() throws {
        fixture = try PairFixture()
    }

    private func names(_ source: (any PairSource)?) -> Set<String> {
        guard let source else { return [] }
        return Set((0..<source.count).map(source.name))
    }

    @Test("A fraction is held out: the same for a seed, other pictures for another")
    func fraction() throws {
        try fixture.writeParallel(20)
        func data(seed: UInt64) throws -> TrainingData {
            try TrainingData(.folder(fixture.path()), validation: .fraction(0.2), seed: seed)
        }
        let first = try data(seed: 1)
        #expect(first.training.count == 16 && first.validation?.count == 4)
        #expect(names(first.training).isDisjoint(with: names(first.validation)))
        #expect(names(first.training).union(names(first.validation)).count == 20)
        #expect(try names(data(seed: 1).validation) == names(first.validation))
        #expect(try names(data(seed: 2).validation) != names(first.validation))
    }

    @Test("Pairs that show one photograph stay on one side")
    func scenes() throws {
        for number in 0..<12 {
            try fixture.write("degraded/p\(number).png", number: 50 + number)
            // Four photographs, each three times.
            try fixture.write("clean/p\(number).png", number: number % 4)
        }
        for seed in 0..<10 as Range<UInt64> {
            let data = try TrainingData(.folder(fixture.path()), validation: .fraction(0.25), seed: seed)
            #expect(data.validation?.count == 3)
            func photographs(_ source: any PairSource) throws -> Set<UInt8> {
                Set(
                    try (0..<source.count).map {
                        try source.pair(at: $0, .whole(seed: 1, index: $0)).clean.samples[2]
                    })
            }
            let validation = try #require(data.validation)
            #expect(try photographs(data.training).isDisjoint(with: photographs(validation)))
        }
    }

    @Test("What cannot be parted is told", arguments: [0, 0.9, 1, 1.5, -0.1])
    func impossible(fraction: Double) throws {
        try fixture.writeParallel(2)
        #expect(throws: DatasetError.cannotSplit(fraction: fraction, sceneCount: 2)) {
            try TrainingData(.folder(fixture.path()), validation: .fraction(fraction), seed: 1)
        }
    }

    @Test("A folder for validation must not hold training pictures")
    func folder() throws {
        for number in 0..<3 {
            try fixture.write("a/degraded/p\(number).png", number: number)
            try fixture.write("a/clean/p\(number).png", number: number + 10)
            try fixture.write("b/degraded/q\(number).png", number: number)
            try fixture.write("b/clean/q\(number).png", number: number + 20)
        }
        let data = try TrainingData(
            .folder(fixture.path("a")), validation: .folder(fixture.path("b")), seed: 1)
        #expect(data.training.count == 3 && data.validation?.count == 3)
        #expect(try data.validation?.pair(at: 1, .whole(seed: 1, index: 1)).clean.samples[2] == 21)
        try fixture.write("b/clean/q1.png", number: 11)
        #expect(throws: DatasetError.validationIsTraining(fixture.path("b/clean/q1.png"))) {
            try TrainingData(.folder(fixture.path("a")), validation: .folder(fixture.path("b")), seed: 1)
        }
    }

    @Test("Weather is new in every training example and the same in every validation")
    func weather() throws {
        for number in 0..<4 {
            try fixture.write("clean/p\(number).png", number: number, width: 64, height: 64)
        }
        let recipe = WeatherRecipe([.rain])
        let data = try TrainingData(
            .synthesized(clean: fixture.path("clean"), recipe), validation: .fraction(0.25), seed: 3)
        #expect(data.training.count == 3 && data.validation?.count == 1)
        func example(epoch: Int) throws -> Pair {
            try data.training.pair(
                at: 0, PatchChoice(.full, flips: false, seed: 3, epoch: epoch, position: 0))
        }
        #expect(try example(epoch: 0) == example(epoch: 0))
        #expect(try example(epoch: 0).degraded != example(epoch: 1).degraded)
        #expect(try example(epoch: 0).clean == example(epoch: 1).clean)
        func validated() throws -> Pair? { try data.validation?.pair(at: 0, .whole(seed: 3, index: 0)) }
        #expect(try validated() == validated())
    }

    @Test("Sizes are checked before training begins")
    func check() throws {
        try fixture.writeParallel(2, width: 32, height: 32)
        try fixture.write("degraded/z.png", width: 40, height: 32)
        try fixture.write("clean/z.png", width: 40, height: 32)
        let data = try TrainingData(.folder(fixture.path()), validation: .none, seed: 1)
        try data.checkSizes(extent: .square(32), batchCount: 3)
        try data.checkSizes(extent: .full, batchCount: 1)
        let mixed = #expect(throws: DatasetError.self) {
            try data.checkSizes(extent: .full, batchCount: 2)
        }
        #expect(mixed?.description.contains("batch of 1") == true)
        let small = #expect(throws: DatasetError.self) {
            try data.checkSizes(extent: .square(40), batchCount: 1)
        }
        #expect(small?.description.contains("p0.png has 32×32 pixels, too few for patches of 40×40") == true)
        try fixture.write("clean/z.png", width: 41, height: 32)
        #expect(throws: DatasetError.self) { try data.checkSizes(extent: .full, batchCount: 1) }
    }
}
