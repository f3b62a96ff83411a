import Foundation
import Testing

/// The machine's own Python with numpy, where there is one, as the judge of what is written for it.
enum Python {
    static let isPresent: Bool = (try? run("import numpy")) != nil
    static let absence: Comment = "needs python3 with numpy on this machine"

    struct Failure: Error {
        let status: Int32
        let output: String
    }

    /// Runs a script and returns what it prints.
    @discardableResult
    static func run(_ script: String, _ arguments: String...) throws -> String {
        try execute(["python3", "-c", script] + arguments)
    }

    /// Runs any program of the search path.
    @discardableResult
    static func execute(_ command: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(status: process.terminationStatus, output: output)
        }
        return output
    }
}
