import Foundation

/// The inputs that Tests/Fuzz/run keeps: one file for each target, base64 lines, sorted.
package enum FuzzCorpus {
    package static func inputs(of target: String) throws -> [[UInt8]] {
        let path = SharedFolder.packageRoot.appendingPathComponent("Tests/Fuzz/Corpora/\(target).base64")
        return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map { line in
            guard let data = Data(base64Encoded: String(line)) else {
                throw CocoaError(.fileReadCorruptFile)
            }
            return [UInt8](data)
        }
    }
}
