import PromptIR
import Testing

@Suite struct TopologyTests {
    /// What each module takes is what those before it give: widths and sizes fit from the image to the output.
    @Test(arguments: [Configuration.published, .compact, .micro]) func widthsFit(configuration: Configuration)
    {
        var (channels, level) = (3, 1)
        var kept: [Int: Int] = [:]
        for module in Topology(configuration).modules {
            switch module.kind {
            case .embed(let width): channels = width
            case .stage(let stage):
                #expect(stage.channels == channels && stage.channels % stage.heads == 0, "\(module.name)")
            case .down(let width):
                #expect(width == channels, "\(module.name)")
                (channels, level) = (2 * width, level + 1)
            case .up(let width):
                #expect(width == channels, "\(module.name)")
                (channels, level) = (width / 2, level - 1)
            case .prompt(let prompt):
                #expect(prompt.featureChannels == channels, "\(module.name)")
                channels += prompt.channels
            case .reduce(_, let width, let reduced):
                #expect(width == channels, "\(module.name)")
                channels = reduced
            case .keep: kept[level] = channels
            case .join: channels += kept.removeValue(forKey: level) ?? 0
            case .output(let width): #expect(width == channels)
            }
            #expect(module.level == level, "\(module.name)")
        }
        #expect(level == 1 && kept.isEmpty)
    }

    @Test func modulesOfOneNameAreOneSkip() {
        let modules = Topology(.published).modules
        let names = modules.map(\.name)
        for name in Set(names) where names.count(where: { $0 == name }) > 1 {
            #expect(modules.filter { $0.name == name }.map(\.kind) == [.keep, .join])
        }
    }
}
