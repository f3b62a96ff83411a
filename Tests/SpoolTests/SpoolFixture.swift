import Foundation
import Logging
import Spool
import Synchronization
import TestSupport

/// An inbox, an outbox and a spool in a temporary folder, with short delays.
final class SpoolFixture: Sendable {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("promptir-spool")
        for name in ["in", "out"] {
            try FileManager.default.createDirectory(
                atPath: folder.path(name), withIntermediateDirectories: false)
        }
    }

    var layout: SpoolLayout {
        SpoolLayout(inbox: folder.path("in"), outbox: folder.path("out"), spool: folder.path("spool"))
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

    /// Puts a file into the inbox as cp does.
    func deliver(_ name: String, _ bytes: [UInt8]) throws {
        try folder.write(bytes, to: "in/\(name)")
    }

    func read(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: folder.path(path)).map { Array($0) }
    }

    func makeFolder(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: folder.path(path), withIntermediateDirectories: true)
    }

    /// Every regular file below a folder, with its content as text, by relative path.
    func tree(_ path: String) -> [String: String] {
        let root = folder.path(path)
        var tree: [String: String] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: root) ?? .init() {
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(root)/\(name)")
            guard attributes?[.type] as? FileAttributeType == .typeRegular else { continue }
            tree[name] = FileManager.default.contents(atPath: "\(root)/\(name)").map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        return tree
    }
}

/// What the tests' pictures hold: anything, but `bad` fails, and what does not end in `.` ends too early.
func restore(_ claim: Claim, _ completion: SpoolRunner.Completion) {
    let bytes: [UInt8]
    do {
        bytes = try claim.read()
    } catch {
        completion(Outcome(error))
        return
    }
    completion(outcome(of: bytes))
}

func outcome(of bytes: [UInt8]) -> Outcome {
    if bytes.starts(with: "bad".utf8) {
        return .failed(FailureReason(code: "damaged", message: "says that it is bad"), retryable: false)
    }
    if bytes.starts(with: "try again".utf8) {
        return .failed(FailureReason(code: "memory", message: "no memory"), retryable: true)
    }
    return bytes.last == UInt8(ascii: ".") ? .restored(restored(bytes)) : .truncated
}

func restored(_ bytes: [UInt8]) -> [UInt8] { Array("restored ".utf8) + bytes }

let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Starts a runner, drains it, and stops it.
@discardableResult
func runOnce(
    _ options: SpoolOptions, patience: Duration = .milliseconds(500),
    worker: @escaping SpoolRunner.Worker = { claim, completion in
        DispatchQueue.global().async { restore(claim, completion) }
    }
) async throws -> DrainReport {
    let runner = SpoolRunner(options, logger: silent, worker: worker)
    try runner.start()
    let report = await runner.drain(patience: patience)
    await runner.stop(within: .seconds(5))
    return report
}
