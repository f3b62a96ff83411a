import ArrayFiles
import Files
import PromptIR
import Restoration
import Tensors
import TestSupport
import Testing
import Training

struct StateFileTests {
    private func state(average: Bool) throws -> TrainingState {
        var settings = TrainingSettings()
        settings.loss = .l1SSIM(alpha: 0.7)
        settings.averageDecay = average ? 0.99 : nil
        settings.precision = .mixed
        settings.weather = WeatherSettings(kinds: [.rain, .snow], strengths: 0.1...0.3)
        let parameters = try GoldenTraining.parameters()
        var progress = TrainingProgress(settings: settings, pairCount: 77)
        progress.location = DataLocation(data: "a \"folder\"\nof pictures")
        progress.stepCount = 12
        progress.update = 13
        progress.lossSum = 0.1 + 0.2
        progress.lossCount = 3
        progress.history = [
            EpochRecord(
                epoch: 1, update: 10, trainingLoss: 1.0 / 3, learningRate: 1e-4, psnr: .infinity, ssim: 1,
                seconds: 7.25)
        ]
        let state = try TrainingState(
            parameters: parameters,
            carried: [
                CarriedTensor(name: "chnl_reduce1.weight", shape: [2, 3], values: [1, 2, 3, 4, 5, 6])
            ],
            progress: progress)
        let count = parameters.count
        for (index, run) in [state.optimizer.firstMoment, state.optimizer.secondMoment, state.average]
            .enumerated()
        {
            run?.fill(0..<count, with: Formula.uniform("run \(index)", count: count).map { Float($0) })
        }
        return state
    }

    @Test(arguments: [true, false])
    func comesBackToTheLastBit(_ average: Bool) throws {
        let folder = try TemporaryFolder()
        let path = Path(folder.path("state.safetensors"))
        let written = try state(average: average)
        try StateFile.write(written, to: path)
        let read = try StateFile.read(path)
        let all = 0..<written.parameters.count
        #expect(read.progress == written.progress)
        #expect(read.optimizer.stepCount == 12)
        #expect(read.carried == written.carried)
        #expect(read.parameters.entries == written.parameters.entries)
        #expect(read.parameters.values.floats(in: all) == written.parameters.values.floats(in: all))
        #expect(read.optimizer.firstMoment.floats(in: all) == written.optimizer.firstMoment.floats(in: all))
        #expect(read.optimizer.secondMoment.floats(in: all) == written.optimizer.secondMoment.floats(in: all))
        #expect(read.average?.floats(in: all) == written.average?.floats(in: all))
        #expect((read.average != nil) == average)
    }

    @Test func refusesOtherFiles() throws {
        let folder = try TemporaryFolder()
        let state = try state(average: false)
        let model = Path(folder.path("last.safetensors"))
        try ModelFile.write(state.published, carried: state.carried, metadata: [:], to: model)
        #expect(throws: StateFileError.self) { _ = try StateFile.read(model) }
        let path = Path(folder.path("state.safetensors"))
        try StateFile.write(state, to: path)
        let bytes = try WholeFiles.read(path)
        for count in [0, 7, 100, bytes.count / 2, bytes.count - 1] {
            try AtomicFile.write(Array(bytes.prefix(count)), to: path)
            #expect(throws: ArrayFileError.self) { _ = try StateFile.read(path) }
        }
    }

    @Test func modelHoldsTheNetworkAndWhatItNeverUses() throws {
        let folder = try TemporaryFolder()
        let state = try state(average: true)
        let path = folder.path("last.safetensors")
        try ModelFile.write(
            state.published, carried: state.carried, metadata: ["loss": "mse"], to: Path(path))
        let model = try Checkpoint(path: Path(path))
        #expect(model.metadata == ["loss": "mse"])
        #expect(try model.floats(named: "chnl_reduce1.weight") == [1, 2, 3, 4, 5, 6])
        let entry = try #require(state.parameters.entry(named: "output.weight"))
        #expect(try model.floats(named: "output.weight") == state.average?.floats(in: entry.range))
    }
}
