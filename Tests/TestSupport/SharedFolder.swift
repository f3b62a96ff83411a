import Foundation

/// The optional folder of golden vectors and real pictures that lies beside the repository.
/// `PROMPTIR_SHARED` names another place. Tests that need it are enabled by `SharedFolder.isPresent`.
package enum SharedFolder {
    /// Root of this package, from this file's place in it.
    package static let packageRoot = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    package static let url: URL = {
        if let path = ProcessInfo.processInfo.environment["PROMPTIR_SHARED"] {
            return URL(fileURLWithPath: path)
        }
        return packageRoot.deletingLastPathComponent().appendingPathComponent("shared")
    }()

    package static let isPresent = FileManager.default.fileExists(
        atPath: url.appendingPathComponent("golden").path)

    /// What a skipped test says.
    package static let absence: String =
        "needs the folder of golden vectors and pictures beside the repository (or PROMPTIR_SHARED)"

    /// Path of a file below the folder.
    package static func path(_ relative: String) -> String {
        url.appendingPathComponent(relative).path
    }
}
