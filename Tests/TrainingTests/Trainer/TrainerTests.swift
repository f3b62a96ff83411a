import ArrayFiles
import Files
import PromptIR
import Restoration
import TestSupport
import Testing
import Training

/// Whole runs of the smallest network on pairs that are made.
struct TrainerTests {
    static let limits = TrainingLimits(threadCount: 2, memory: .always(.keep), saveSeconds: 1e9)

    static var settings: TrainingSettings {
        var settings = TrainingSettings()
        settings.epochs = 2
        settings.batch = 2
        settings.averageDecay = 0.9
        settings.loss = .l1
        return settings
    }

    private func state(_ settings: TrainingSettings = settings, pairs: Int = 6) throws -> TrainingState {
        let parameters = try GoldenTraining.parameters()
        return try TrainingState(
            parameters: parameters, carried: [],
            progress: TrainingProgress(settings: settings, pairCount: pairs))
    }

    private func trainer(
        _ state: TrainingState, in folder: RunFolder, pairs: MadePairs = MadePairs(count: 6),
        stop: StopRequest = StopRequest(), onEvent: @escaping (TrainingEvent) -> Void = { _ in }
    ) throws -> Trainer {
        try Trainer(
            state: state, training: pairs, validation: MadePairs(count: 2), folder: folder,
            limits: Self.limits, stop: stop, onEvent: onEvent)
    }

    /// The published weights of an undisturbed run.
    private func undisturbed() throws -> [UInt8] {
        let place = try TemporaryFolder()
        let folder = RunFolder(Path(place.path))
        #expect(try trainer(try state(), in: folder).run() == .finished)
        return try WholeFiles.read(folder.last)
    }

    private func resumed(_ folder: RunFolder) throws -> TrainingState {
        try RunOpening.resume(folder) { _ in }
    }

    @Test func writesWhatPeopleLookAt() throws {
        let place = try TemporaryFolder()
        let folder = RunFolder(Path(place.path))
        let trainer = try trainer(try state(), in: folder)
        #expect(try trainer.run() == .finished)
        let history = trainer.state.progress.history
        #expect(history.map(\.epoch) == [1, 2] && history.map(\.update) == [3, 6])
        #expect(history.allSatisfy { $0.psnr != nil && $0.ssim != nil })
        for name in ["last.safetensors", "best.safetensors", "metrics.csv", "curves.svg", "curves.png"] {
            #expect(try WholeFiles.status(folder.path.appending(Path(name))) != nil, "\(name)")
        }
        #expect(try WholeFiles.regularFiles(below: folder.samples).count == 2)
        let network = try Network(weights: try Checkpoint(path: Path(place.path("best.safetensors"))))
        #expect(network.configuration == trainer.state.parameters.configuration)
    }

    @Test func aFinishedRunHasNothingToDo() throws {
        let place = try TemporaryFolder()
        let folder = RunFolder(Path(place.path))
        #expect(try trainer(try state(), in: folder).run() == .finished)
        let before = try resumed(folder).progress
        let again = try trainer(try resumed(folder), in: folder)
        #expect(try again.run() == .finished && again.state.progress == before)
    }

    @Test(arguments: [1, 2, 3, 4, 5])
    func stopsWhereAskedAndKeepsItsFolder(_ update: Int) throws {
        let place = try TemporaryFolder()
        let folder = RunFolder(Path(place.path))
        let stop = StopRequest()
        let first = try trainer(try state(), in: folder, stop: stop) { event in
            if case .update(let report) = event, report.update == update { stop.set(15) }
        }
        #expect(try first.run() == .stopped)
        #expect(first.state.progress.update == update)
        // The lock goes with its holder.
        #expect(throws: TrainingError.inUse(folder.path)) {
            _ = try trainer(try resumed(folder), in: folder)
        }
        #expect(first.state.progress.update == update)
    }

    @Test(arguments: [1, 3, 5])
    func resumedWeightsAreTheSame(_ update: Int) throws {
        let place = try TemporaryFolder()
        let folder = RunFolder(Path(place.path))
        try stopped(folder, after: update)
        #expect(try trainer(try resumed(folder), in: folder).run() == .finished)
        #expect(try WholeFiles.read(folder.last) == undisturbed())
    }

    @Test func resumedWeightsAreTheSameAtSeveralScales() throws {
        try expectResumedWeightsAreTheSame { $0.coarsest = 2 }
    }

    @Test func resumedWeightsAreTheSameWithMuon() throws {
        try expectResumedWeightsAreTheSame { $0.optimizer = .muon }
    }

    @Test func resumedWeightsAreTheSameInMixedPrecision() throws {
        BFloat16Emulation.begin()
        try expectResumedWeightsAreTheSame { $0.precision = .mixed }
    }

    /// With a setting that has an effect.
    private func expectResumedWeightsAreTheSame(_ adjust: (inout TrainingSettings) -> Void) throws {
        var settings = Self.settings
        adjust(&settings)
        let (place, other) = (try TemporaryFolder(), try TemporaryFolder())
        let (folder, whole) = (RunFolder(Path(place.path)), RunFolder(Path(other.path)))
        try stopped(folder, after: 3, settings)
        #expect(try trainer(try resumed(folder), in: folder).run() == .finished)
        #expect(try trainer(try state(settings), in: whole).run() == .finished)
        #expect(try WholeFiles.read(folder.last) == WholeFiles.read(whole.last))
        #expect(try WholeFiles.read(folder.last) != undisturbed())
    }

    private func stopped(
        _ folder: RunFolder, after update: Int, _ settings: TrainingSettings = settings
    ) throws {
        let stop = StopRequest()
        let trainer = try trainer(try state(settings), in: folder, stop: stop) { event in
            if case .update(let report) = event, report.update == update { stop.set(15) }
        }
        #expect(try trainer.run() == .stopped)
    }

    @Test func aPairThatCannotBeReadLosesNothing() throws {
        let place = try TemporaryFolder()
        let folder = RunFolder(Path(place.path))
        try failing(folder)
        #expect(try trainer(try resumed(folder), in: folder).run() == .finished)
        #expect(try WholeFiles.read(folder.last) == undisturbed())
    }

    private func failing(_ folder: RunFolder) throws {
        let trainer = try trainer(try state(), in: folder, pairs: MadePairs(count: 6, faultyIndex: 3))
        #expect(throws: MadePairs.Fault()) { try trainer.run() }
    }

    @Test func numbersThatAreNoneStopTheRun() throws {
        let place = try TemporaryFolder()
        let folder = RunFolder(Path(place.path))
        let state = try state()
        let entry = try #require(state.parameters.entry(named: "output.weight"))
        state.parameters.values.fill(
            entry.range, with: [Float](repeating: .infinity, count: entry.count))
        let trainer = try trainer(state, in: folder)
        let error = #expect(throws: TrainingError.self) { try trainer.run() }
        #expect(error?.description.contains("update 1") == true)
        #expect(trainer.state.progress.update == 0)
    }

    @Test func aCheckpointKeepsWhatTheNetworkNeverUses() throws {
        let place = try TemporaryFolder()
        let parameters = try GoldenTraining.parameters()
        let carried = CarriedTensor(name: "chnl_reduce2.weight", shape: [2, 2], values: [4, 3, 2, 1])
        let initial = Path(place.path("initial.safetensors"))
        try ModelFile.write(
            WeightView(parameters: parameters, values: parameters.values), carried: [carried], metadata: [:],
            to: initial)
        let state = try RunOpening.begin(
            .checkpoint(initial), settings: Self.settings, pairs: MadePairs(count: 6))
        #expect(state.carried == [carried])
        let folder = RunFolder(Path(place.path("run")))
        try folder.makeForNewRun()
        #expect(try trainer(state, in: folder).run() == .finished)
        let last = try Checkpoint(path: Path(place.path("run/last.safetensors")))
        #expect(try last.floats(named: "chnl_reduce2.weight") == [4, 3, 2, 1])
        #expect(try last.floats(named: "output.weight") != parameters.floats(named: "output.weight"))
    }

    @Test func otherSettingsAndUsedFoldersAreRefused() throws {
        let place = try TemporaryFolder()
        let folder = RunFolder(Path(place.path))
        #expect(throws: TrainingError.nothingToResume(folder.path)) { _ = try resumed(folder) }
        try StateFile.write(try state(), to: folder.state)
        #expect(throws: TrainingError.used(folder.path, found: "state.safetensors")) {
            try folder.makeForNewRun()
        }
        let error = #expect(throws: TrainingError.self) {
            _ = try RunOpening.resume(folder) { $0.batch = 4 }
        }
        #expect(error == .otherSettings(folder.path, differences: ["batch 4, not 2"]))
    }

    @Test func otherPairsAreRefused() throws {
        let place = try TemporaryFolder()
        let folder = RunFolder(Path(place.path))
        let pairs = MadePairs(count: 6)
        let state = try RunOpening.begin(.scratch(.compact), settings: Self.settings, pairs: pairs)
        try StateFile.write(state, to: folder.state)
        let read = try resumed(folder)
        try RunOpening.check(read, pairs: pairs, folder: folder)
        #expect(throws: TrainingError.otherData(folder.path, expected: 6, found: 7)) {
            try RunOpening.check(read, pairs: MadePairs(count: 7), folder: folder)
        }
        var others = pairs
        others.prefix = "another pair"
        #expect(throws: TrainingError.otherNames(folder.path)) {
            try RunOpening.check(read, pairs: others, folder: folder)
        }
        // A state from before names were kept.
        read.progress.namesHash = nil
        try RunOpening.check(read, pairs: others, folder: folder)
    }
}
