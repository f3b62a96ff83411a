import PromptIR
import TOMLKit

/// Reads a network's widths and depths from a small TOML file:
///
/// ```toml
/// dim = 16
/// blocks = [1, 2, 2, 2]          # levels 1 to 3, latent
/// refinement = 1
/// heads = [1, 2, 4, 8]
/// prompt-channels = [24, 48, 96] # levels 1 to 3
/// prompt-sizes = [64, 32, 16]
/// prompt-length = 5              # optional, as are the next two
/// expansion = 2.66
/// bias-free-norms = false
/// ```
package enum NetworkFile {
    /// - Parameter path: the file's path, for messages.
    /// - Throws: `NetworkFileError`.
    package static func configuration(text: String, path: String) throws(NetworkFileError) -> Configuration {
        let reader = try Reader(text: text, path: path)
        let dim = try reader.number("dim", in: 2...1024)
        guard dim % 2 == 0 else { throw reader.error("dim", expected: "an even number", found: "\(dim)") }
        let heads = try reader.numbers("heads", count: 4, in: 1...1024)
        let promptChannels = try reader.numbers("prompt-channels", count: 3, in: 1...8192)
        let configuration = Configuration(
            dim: dim, blockCounts: try reader.numbers("blocks", count: 4, in: 1...100),
            refinementBlockCount: try reader.number("refinement", in: 1...100), heads: heads,
            promptChannels: promptChannels,
            promptSizes: try reader.numbers("prompt-sizes", count: 3, in: 1...1024),
            promptLength: try reader.number("prompt-length", in: 1...1024, default: 5),
            expansion: try reader.expansion(), hasBiasFreeNorms: try reader.flag("bias-free-norms"))
        // All heads have the same number of channels.
        if let stage = configuration.stages.first(where: { $0.channels % $0.heads != 0 }) {
            throw reader.error(
                "heads", expected: "numbers that divide their channels",
                found: "\(stage.heads) heads for the \(stage.channels) channels of \(stage.name)")
        }
        return configuration
    }

    private struct Reader {
        static let keys: Set<String> = [
            "dim", "blocks", "refinement", "heads", "prompt-channels", "prompt-sizes", "prompt-length",
            "expansion", "bias-free-norms",
        ]

        let table: TOMLTable
        let path: String

        init(text: String, path: String) throws(NetworkFileError) {
            self.path = path
            do {
                table = try TOMLTable(string: text)
            } catch let error as TOMLParseError {
                throw NetworkFileError(
                    path: path, key: nil, expected: "TOML",
                    found: "a fault \(error.source.debugDescription): \(error.description)")
            } catch {
                throw NetworkFileError(path: path, key: nil, expected: "TOML", found: "\(error)")
            }
            if let unknown = table.keys.sorted().first(where: { !Self.keys.contains($0) }) {
                throw NetworkFileError(
                    path: path, key: unknown,
                    expected: "one of \(Self.keys.sorted().joined(separator: ", "))",
                    found: "an unknown key")
            }
        }

        func error(_ key: String, expected: String, found: String) -> NetworkFileError {
            NetworkFileError(path: path, key: key, expected: expected, found: found)
        }

        func number(
            _ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil
        ) throws(NetworkFileError) -> Int {
            let expected = "a whole number of \(range.lowerBound) to \(range.upperBound)"
            guard let value = table[key] else {
                if let fallback { return fallback }
                throw error(key, expected: expected, found: "nothing")
            }
            guard let number = value.int, range.contains(number) else {
                throw error(key, expected: expected, found: value.debugDescription)
            }
            return number
        }

        func numbers(
            _ key: String, count: Int, in range: ClosedRange<Int>
        ) throws(NetworkFileError) -> [Int] {
            let expected = "\(count) whole numbers of \(range.lowerBound) to \(range.upperBound)"
            guard let value = table[key] else { throw error(key, expected: expected, found: "nothing") }
            let numbers = value.array?.compactMap(\.int).filter(range.contains) ?? []
            guard numbers.count == count, value.array?.count == count else {
                throw error(key, expected: expected, found: value.debugDescription)
            }
            return numbers
        }

        func expansion() throws(NetworkFileError) -> Double {
            guard let value = table["expansion"] else { return 2.66 }
            guard let number = value.double ?? value.int.map(Double.init), (1...16).contains(number) else {
                throw error("expansion", expected: "a number of 1 to 16", found: value.debugDescription)
            }
            return number
        }

        func flag(_ key: String) throws(NetworkFileError) -> Bool {
            guard let value = table[key] else { return false }
            guard let flag = value.bool else {
                throw error(key, expected: "true or false", found: value.debugDescription)
            }
            return flag
        }
    }
}

/// Why a network's file cannot be used.
package struct NetworkFileError: Error, Equatable, CustomStringConvertible {
    package let path: String
    /// The invalid key, or nil if the file is not TOML.
    package let key: String?
    package let expected: String
    package let found: String

    package var description: String {
        "network \(path)\(key.map { ", \($0)" } ?? ""): expected \(expected), found \(found)"
    }
}
