import PromptIR
import Testing
import Training

struct NetworkFileTests {
    static let compact = """
        dim = 16
        blocks = [1, 2, 2, 2]
        refinement = 1
        heads = [1, 2, 4, 8]
        prompt-channels = [24, 48, 96]
        prompt-sizes = [64, 32, 16]
        """

    @Test func readsANetwork() throws {
        #expect(try NetworkFile.configuration(text: Self.compact, path: "net.toml") == .compact)
        let more = Self.compact + "\nprompt-length = 8\nexpansion = 2\nbias-free-norms = true\n"
        let configuration = try NetworkFile.configuration(text: more, path: "net.toml")
        #expect(configuration.prompts[0].length == 8)
        #expect(configuration.encoder[0].hiddenChannels == 32)
        #expect(configuration.hasBiasFreeNorms)
    }

    @Test(arguments: [
        ("dim = 16", "dim = 15", "dim"), ("dim = 16", "dim = \"wide\"", "dim"), ("dim = 16", "", "dim"),
        ("[1, 2, 2, 2]", "[1, 2, 2]", "blocks"), ("[1, 2, 2, 2]", "[1, 2, 2, 0]", "blocks"),
        ("[1, 2, 2, 2]", "[1, 2, 2, 2.5]", "blocks"), ("[1, 2, 4, 8]", "[1, 3, 4, 8]", "heads"),
        ("refinement = 1", "refinement = 1\nexpansion = 0", "expansion"),
        ("refinement = 1", "refinement = 1\nbias-free-norms = 1", "bias-free-norms"),
        ("refinement = 1", "refinement = 1\ndepth = 1", "depth"),
    ])
    func refusesWhatIsNone(_ part: String, _ replacement: String, _ key: String) throws {
        let text = Self.compact.split(separator: "\n").map { $0 == part ? Substring(replacement) : $0 }
            .joined(separator: "\n")
        let damaged = text == Self.compact ? replacing(part, replacement) : text
        let error = #expect(throws: NetworkFileError.self) {
            _ = try NetworkFile.configuration(text: damaged, path: "net.toml")
        }
        #expect(error?.key == key)
        #expect(error?.description.contains("net.toml") == true)
    }

    @Test func refusesWhatIsNoTOML() {
        let error = #expect(throws: NetworkFileError.self) {
            _ = try NetworkFile.configuration(text: "dim = [", path: "net.toml")
        }
        #expect(error?.key == nil)
    }

    private func replacing(_ part: String, _ replacement: String) -> String {
        let pieces = Self.compact.split(separator: part, omittingEmptySubsequences: false)
        return pieces.joined(separator: replacement)
    }
}
