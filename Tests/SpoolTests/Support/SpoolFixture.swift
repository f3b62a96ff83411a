import Files
import Foundation
import Logging
import Spool
import Synchronization
import TestSupport

/// An inbox, an outbox and a spool in a folder in memory, where fsync costs nothing, with short delays.
final class SpoolFixture: Sendable {
    let root: String

    init() throws {
        let isInMemory = FileManager.default.isWritableFile(atPath: "/dev/shm")
        root = (isInMemory ? "/dev/shm" : NSTemporaryDirectory()) + "/promptir-spool-\(UUID().uuidString)"
        for name in ["in", "out"] { try makeFolder(name) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    func path(_ name: String) -> String { "\(root)/\(name)" }

    var layout: SpoolLayout { layout(shard: nil) }

    func layout(shard: Shard?) -> SpoolLayout {
        SpoolLayout(
            inbox: Path(path("in")), outbox: Path(path("out")), spool: Path(path("spool")), shard: shard)
    }

    var options: SpoolOptions {
        var options = SpoolOptions(layout: layout)
        options.settle = .milliseconds(20)
        options.stability = .milliseconds(50)
        options.arrivalPatience = .milliseconds(600)
        options.rescanInterval = .seconds(20)
        options.pollInterval = .milliseconds(100)
        options.retryDelay = .milliseconds(10)
        options.pauseDelay = .milliseconds(50)
        options.versions = ["promptir": "test"]
        return options
    }

    /// Writes a file as cp does.
    func write(_ text: String, to name: String) throws {
        guard FileManager.default.createFile(atPath: path(name), contents: Data(text.utf8)) else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    func deliver(_ name: String, _ text: String) throws {
        try write(text, to: "in/\(name)")
    }

    func read(_ name: String) -> String? {
        FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) }
    }

    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    }

    func move(_ name: String, to newName: String) throws {
        try FileManager.default.moveItem(atPath: path(name), toPath: path(newName))
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path(name))
    }

    /// Every regular file below a folder, with its content as text, by relative path.
    func tree(_ name: String) -> [String: String] {
        let top = path(name)
        var tree: [String: String] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: top) ?? .init() {
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(top)/\(name)")
            guard attributes?[.type] as? FileAttributeType == .typeRegular else { continue }
            tree[name] = FileManager.default.contents(atPath: "\(top)/\(name)")
                .map { String(decoding: $0, as: UTF8.self) }
        }
        return tree
    }

    /// The code in the reason beside a failed picture.
    func failureCode(_ name: String) throws -> String? {
        let data = FileManager.default.contents(atPath: path("spool/failed/\(name).json")) ?? Data()
        let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return object?["code"] as? String
    }
}

/// What the tests' pictures hold: one that begins with `bad` fails, one that does not end in a full stop ends
/// too early, and all others are restored.
func outcome(of bytes: [UInt8], _ claim: Claim, fileExtension: String? = nil) -> Outcome {
    if bytes.starts(with: "bad".utf8) {
        return .failed(FailureReason(code: "damaged", message: "says that it is bad"), retryable: false)
    }
    if bytes.starts(with: "try again".utf8) {
        return .failed(FailureReason(code: "memory", message: "no memory"), retryable: true)
    }
    guard bytes.last == UInt8(ascii: ".") else { return .truncated }
    return claim.stage(Array("restored ".utf8) + bytes, names: names(of: claim.name, fileExtension))
}

func outcome(of claim: Claim, fileExtension: String? = nil) -> Outcome {
    do throws(ClaimReadError) {
        return outcome(of: try claim.read(), claim, fileExtension: fileExtension)
    } catch {
        return Outcome(error)
    }
}

func outcome(of claim: Claim) -> Outcome { outcome(of: claim, fileExtension: nil) }

/// What a worker that writes another format calls its outputs.
func names(of source: RelativeName, _ fileExtension: String?) -> [FileName] {
    guard let fileExtension else { return [source.last] }
    let name = source.last.description
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    return [FileName("\(stem).\(fileExtension)"), FileName("\(name).\(fileExtension)")].compactMap(\.self)
}

let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A runner at work, stopped at the end of the test.
struct RunningSpool {
    let runner: SpoolRunner

    init(_ options: SpoolOptions, outcome: @escaping @Sendable (Claim) -> Outcome = outcome(of:)) throws {
        runner = SpoolRunner(options, logger: silent) { claim, completion in
            DispatchQueue.global().async { completion(outcome(claim)) }
        }
        try runner.start()
    }

    /// Whether the counts get there.
    func reaches(_ isThere: (SpoolSnapshot) -> Bool) async throws -> Bool {
        do {
            try await wait { isThere(runner.snapshot) }
            return true
        } catch is TimeIsUp {
            return false
        }
    }

    func stop() async {
        await runner.stop(within: .seconds(5))
    }
}

/// Starts a runner, drains it, and stops it.
@discardableResult
func runOnce(
    _ options: SpoolOptions, patience: Duration = .milliseconds(1000),
    outcome: @escaping @Sendable (Claim) -> Outcome = outcome(of:)
) async throws -> DrainReport {
    let spool = try RunningSpool(options, outcome: outcome)
    let report = await spool.runner.drain(patience: patience)
    await spool.stop()
    return report
}
