import Files
import Foundation
import Images
import Restoration
import RestorationTestSupport
import Synchronization
import TestSupport
import Testing
import Tools

@Suite("Batch")
struct BatchTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("promptir-batch")
        try WholeFiles.createFolders(Path(folder.path("in/sub/deep")))
    }

    private func path(_ name: String) -> Path { Path(folder.path(name)) }

    private func plan(_ format: OutputFormat = .same) throws -> BatchPlan {
        try BatchPlan(inputs: [path("in")], output: path("out"), format: format)
    }

    private func run(_ plan: BatchPlan, overwrites: Bool = false, modelModified: Duration = .zero) throws
        -> BatchSummary
    {
        let batch = BatchRun(
            plan: plan, restorer: try TestModel.restorer(), modelModified: modelModified,
            overwrites: overwrites)
        let events = Mutex(0)
        let summary = batch.run(on: RestorationPool(policy: PoolPolicy(coreCount: 2))) { _ in
            events.withLock { $0 += 1 }
        }
        #expect(
            events.withLock { $0 } == summary.restoredCount + summary.skippedCount + summary.failures.count
                + (summary.stop == nil ? 0 : 1))
        return summary
    }

    @Test("keeps subfolders, goes on after bad files, skips what is done")
    func wholeRun() throws {
        for name in ["in/a.png", "in/sub/b.png", "in/sub/deep/c.png"] {
            try folder.write(TestPictures.file(), to: name)
        }
        try folder.write(Array("no picture".utf8), to: "in/bad.png")
        try folder.write([], to: "in/sub/empty.jpg")
        try folder.write([1], to: "in/notes.txt")

        let first = try run(plan())
        #expect(first.restoredCount == 3 && first.skippedCount == 0 && first.stop == nil)
        #expect(first.failures.map(\.input) == [path("in/bad.png"), path("in/sub/empty.jpg")])
        #expect(
            try WholeFiles.regularFiles(below: path("out")) == ["a.png", "sub/b.png", "sub/deep/c.png"])

        let second = try run(plan())
        #expect(second.restoredCount == 0 && second.skippedCount == 3 && second.failures.count == 2)
        #expect(try run(plan(), overwrites: true).restoredCount == 3)
        // A newer original, and a newer model, make it work again.
        let later = Date().addingTimeInterval(100)
        try FileManager.default.setAttributes(
            [.modificationDate: later], ofItemAtPath: folder.path("in/a.png"))
        #expect(try run(plan()).restoredCount == 1)
        #expect(try run(plan(), modelModified: .seconds(Int64.max)).restoredCount == 3)
    }

    @Test("single files go by their names; the output folder inside an input is left out")
    func planning() throws {
        try folder.write([1], to: "in/a.jpg")
        try folder.write([1], to: "in/odd.name")
        try WholeFiles.createFolders(path("in/out"))
        try folder.write([1], to: "in/out/a.jpg")
        let plan = try BatchPlan(
            inputs: [path("in"), path("in/odd.name")], output: path("in/out"), format: .png)
        #expect(
            plan.items == [
                BatchItem(input: path("in/a.jpg"), output: path("in/out/a.png")),
                BatchItem(input: path("in/odd.name"), output: path("in/out/odd.name.png")),
            ])
    }

    @Test("a single picture may go to a file, in the format of its name, and to standard output")
    func singleFiles() throws {
        try folder.write(TestPictures.file(), to: "in/a.png")
        let plan = try BatchPlan(inputs: [path("in/a.png")], output: path("new/b.jpg"), format: .same)
        #expect(plan.items == [BatchItem(input: path("in/a.png"), output: path("new/b.jpg"))])
        #expect(plan.format == .jpeg && plan.folder == nil)
        #expect(try run(plan).restoredCount == 1)
        #expect(try WholeFiles.status(path("new/b.jpg"))?.isRegularFile == true)
        #expect(
            try BatchPlan(inputs: ["-"], output: path("b.png"), format: .same).items.map(\.isStream) == [true]
        )
        // A folder of that name is a folder.
        try WholeFiles.createFolders(path("odd.png"))
        #expect(
            try BatchPlan(inputs: [path("in/a.png")], output: path("odd.png"), format: .same).folder
                == path("odd.png"))
    }

    @Test("what does not fit into one file is refused")
    func singleFileRefusals() throws {
        try folder.write(TestPictures.file(), to: "in/a.png")
        try folder.write(TestPictures.file(), to: "in/b.png")
        let (first, second) = (path("in/a.png"), path("in/b.png"))
        func plan(_ inputs: [Path], _ output: Path, _ format: OutputFormat = .same) throws -> BatchPlan {
            try BatchPlan(inputs: inputs, output: output, format: format)
        }
        #expect(throws: BatchError.severalInOne("new.png")) { try plan([first, second], "new.png") }
        #expect(throws: BatchError.severalInOne("new.png")) { try plan([path("in")], "new.png") }
        #expect(throws: BatchError.otherFormat("new.png", .jpeg)) { try plan([first], "new.png", .jpeg) }
        #expect(throws: BatchError.overwritesOriginal(first)) { try plan([first], first) }
        #expect(throws: BatchError.namelessInput("folder")) { try plan(["-"], "folder") }
        #expect(throws: BatchError.missingInput(path("none.png"))) { try plan([path("none.png")], "new.png") }
        #expect(throws: BatchError.replacesOther(second)) {
            try plan([first], second).checkReplacing(modelModified: .seconds(Int64.max))
        }
    }

    @Test("files that must be converted first are counted by their kind")
    func leftAlone() throws {
        for name in ["in/a.png", "in/b.webp", "in/sub/c.WEBP", "in/d.heic", "in/notes.txt"] {
            try folder.write(TestPictures.file(), to: name)
        }
        #expect(
            "\(try plan().leftAlone)"
                == "3 other files left alone: 2 WebP, 1 HEIC; convert them first, for example with dwebp in.webp -o out.png"
        )
        #expect(LeftAlone().isEmpty)
    }

    @Test("links to folders are counted, links to pictures restored")
    func linkedFolders() throws {
        try folder.write(TestPictures.file(), to: "in/a.png")
        try WholeFiles.createFolders(path("elsewhere"))
        try folder.write(TestPictures.file(), to: "elsewhere/b.png")
        #expect(symlink("../elsewhere", path("in/linked").description) == 0)
        #expect(symlink("../elsewhere/b.png", path("in/b.png").description) == 0)
        #expect(symlink("nowhere", path("in/c.png").description) == 0)
        let planned = try plan()
        #expect(planned.items.map(\.input) == [path("in/a.png"), path("in/b.png")])
        #expect("\(planned.leftAlone)" == "1 link to a folder not followed; give the folder itself")
    }

    @Test("two inputs never become one output")
    func collisions() throws {
        let items = try BatchPlan.items(
            [("x/a.jpg", "a.jpg"), ("x/a.png", "a.png"), ("x/b.jpeg", "b.jpeg"), ("x/b.jpg", "b.jpg")],
            output: "o",
            format: .png)
        #expect(items.map(\.output) == ["o/a.jpg.png", "o/a.png", "o/b.png", "o/b.jpg.png"])
        #expect(throws: BatchError.sameOutput("x/a.png", "y/a.png", output: "o/a.png")) {
            try BatchPlan.items([("x/a.png", "a.png"), ("y/a.png", "a.png")], output: "o", format: .same)
        }
        #expect(throws: BatchError.self) {
            try BatchPlan.items(
                [("x/a.png", "a.png"), ("x/a.jpg", "a.jpg"), ("y/a.jpg", "a.jpg")], output: "o", format: .png)
        }
        // The same file named twice is one picture.
        #expect(
            try BatchPlan.items([("a.png", "a.png"), ("a.png", "a.png")], output: "o", format: .same).count
                == 1)
    }

    @Test("missing inputs, empty folders and originals in danger are refused before anything is done")
    func refusals() throws {
        #expect(throws: BatchError.noPictures([path("in")], leftAlone: LeftAlone())) { try plan() }
        #expect(throws: BatchError.missingInput(path("none"))) {
            try BatchPlan(inputs: [path("none")], output: path("out"), format: .same)
        }
        try folder.write(TestPictures.file(), to: "in/a.png")
        #expect(throws: BatchError.self) {
            try BatchPlan(inputs: [path("in/a.png")], output: path("in"), format: .same)
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("alias"), withDestinationPath: folder.path("in"))
        #expect(throws: BatchError.self) {
            try BatchPlan(inputs: [path("in/a.png")], output: path("alias"), format: .same)
        }
    }

    @Test("a folder that holds originals keeps what may not be a result")
    func othersInTheOutputFolder() throws {
        try folder.write(TestPictures.file(), to: "in/sub/a.png")
        try folder.write([1, 2, 3], to: "in/a.png")
        let old = Date(timeIntervalSince1970: 1_000_000)
        try FileManager.default.setAttributes(
            [.modificationDate: old], ofItemAtPath: folder.path("in/a.png"))
        for inputs in [[path("in/sub")], [path("in/sub/a.png")], [path("in/sub/deep/..")]] {
            let plan = try BatchPlan(inputs: inputs, output: path("in"), format: .same)
            #expect(throws: BatchError.replacesOther(path("in/a.png"))) {
                try plan.checkReplacing(modelModified: .zero)
            }
        }
        // A folder of results alone is brought up to date, as ever.
        try WholeFiles.createFolders(path("out"))
        try folder.write([1], to: "out/a.png")
        try FileManager.default.setAttributes(
            [.modificationDate: old], ofItemAtPath: folder.path("out/a.png"))
        try BatchPlan(inputs: [path("in/sub")], output: path("out"), format: .same)
            .checkReplacing(modelModified: .zero)
        // So is one above the originals, where nothing but results bears the names.
        try FileManager.default.removeItem(atPath: folder.path("in/a.png"))
        let plan = try BatchPlan(inputs: [path("in/sub")], output: path("in"), format: .same)
        try plan.checkReplacing(modelModified: .zero)
        #expect(try run(plan).restoredCount == 1)
        try BatchPlan(inputs: [path("in/sub")], output: path("in"), format: .same)
            .checkReplacing(modelModified: .zero)
    }

    @Test("an output folder that cannot be made fails the picture, named")
    func unwritable() throws {
        try folder.write(TestPictures.file(), to: "in/sub/a.png")
        try folder.write([1], to: "out")
        let summary = try run(BatchPlan(inputs: [path("in")], output: path("out"), format: .same))
        #expect(summary.restoredCount == 0)
        #expect(summary.failures.count == 1 && summary.failures[0].reason.contains("out"))
    }
}
