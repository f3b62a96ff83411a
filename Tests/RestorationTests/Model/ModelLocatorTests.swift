import ArrayFiles
import Files
import Glibc
import Restoration
import TestSupport
import Testing

@Suite("Finding and reading the model")
struct ModelLocatorTests {
    @Test("the places, in their order")
    func places() {
        let places = ModelLocator.candidates(executable: "/opt/x/bin/promptir")
        #expect(
            places == [
                "/opt/x/bin/promptir-restored_Restoration.resources/compact.safetensors",
                "/opt/x/share/promptir-restored/compact.safetensors",
                "/usr/local/share/promptir-restored/compact.safetensors",
                "/usr/share/promptir-restored/compact.safetensors",
            ])
        #expect(ModelLocator.candidates(executable: "/usr/bin/promptir").count == 3)
        #expect(ModelLocator.candidates(executable: nil).count == 2)
    }

    @Test("an installation's share folder is found, and the build's before it")
    func installed() throws {
        let prefix = try TemporaryFolder("promptir-prefix")
        let executable = Path(prefix.path("bin/promptir"))
        let installed = Path(prefix.path("share/promptir-restored/compact.safetensors"))
        try WholeFiles.createFolders(installed.folder)
        try AtomicFile.write([1], to: installed)
        #expect(try ModelLocator.locate(nil, executable: executable) == installed)
        let built = Path(prefix.path("bin/promptir-restored_Restoration.resources/compact.safetensors"))
        try WholeFiles.createFolders(built.folder)
        try AtomicFile.write([1], to: built)
        #expect(try ModelLocator.locate(nil, executable: executable) == built)
    }

    @Test("where there is none, the error lists every place and says what to do")
    func missing() {
        let all = ModelError.notFound(ModelLocator.candidates(executable: "/opt/x/bin/promptir")).description
        #expect(all.contains("/opt/x/share/promptir-restored/compact.safetensors") && all.contains("--model"))
    }

    @Test("a path that was asked for is the only place, and the error says what is wrong with it")
    func requested() throws {
        let folder = try TemporaryFolder("promptir-model")
        let missing = Path(folder.path("model.pth"))
        #expect(throws: ModelError.unreadable(FileError(.openFile, missing, .noEntry))) {
            try ModelLocator.locate(missing)
        }
        #expect(throws: ModelError.unreadable(FileError(.openFile, Path(folder.path), .isAFolder))) {
            try ModelLocator.locate(Path(folder.path))
        }
        #expect(throws: ModelError.unreadable(FileError(.openFile, "/dev/null", .notRegular))) {
            try ModelLocator.locate("/dev/null")
        }
    }

    @Test("the model that ships is found beside the tests' own program, and loads")
    func shipped() throws {
        let model = try Model.load()
        #expect(model.path.name == "compact.safetensors")
        #expect(model.modified > .zero)
    }

    @Test("no checkpoint, and a checkpoint of something else, are told apart")
    func unusable() throws {
        let folder = try TemporaryFolder("promptir-model")
        let noise = Path(try folder.write(Array(repeating: 0x41, count: 100), to: "noise.pth"))
        let damaged = #expect(throws: ModelError.self) { try Model.load(noise) }
        guard case .damaged = damaged else {
            Issue.record("found \(String(describing: damaged))")
            return
        }
        let other = Path(folder.path("other.safetensors"))
        try AtomicFile.write(other) { writer in
            try SafetensorsWriter.write(shapes: ["fc.weight": [2, 2]], type: .f32, to: writer) { _ in
                [1, 2, 3, 4]
            }
        }
        let error = #expect(throws: ModelError.self) { try Model.load(other) }
        #expect(error?.description.contains("patch_embed.proj.weight") == true)
    }
}
