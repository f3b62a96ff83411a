/// The rules of Prometheus' text format that promtool checks, as far as a textfile needs them.
package struct MetricsReader {
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    /// Sample by its name and labels as they are written.
    package private(set) var samples: [String: Double] = [:]
    package private(set) var types: [String: String] = [:]

    package init(_ text: String) throws {
        guard text.hasSuffix("\n") else { throw Fault(description: "the last line is not ended") }
        var helps: Set<String> = []
        var family = ""
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(
                String.init)
            if line.hasPrefix("# HELP "), words.count == 4, !words[3].isEmpty {
                guard helps.insert(words[2]).inserted else { throw Fault(description: "two helps: \(line)") }
                family = words[2]
            } else if line.hasPrefix("# TYPE "), words.count == 4 {
                guard words[2] == family, types[family] == nil,
                    ["counter", "gauge", "histogram"].contains(words[3])
                else { throw Fault(description: "a type out of its place: \(line)") }
                types[family] = words[3]
                guard (words[3] == "counter") == family.hasSuffix("_total") else {
                    throw Fault(description: "counters end in _total: \(line)")
                }
            } else {
                try add(String(line), family)
            }
        }
        guard Set(types.keys) == helps else { throw Fault(description: "help and type go together") }
    }

    private mutating func add(_ line: String, _ family: String) throws {
        guard let space = line.lastIndex(of: " "), let value = Double(line[line.index(after: space)...])
        else {
            throw Fault(description: "no value: \(line)")
        }
        let series = String(line[..<space])
        let name = String(series.prefix { $0 != "{" })
        let suffixes = types[family] == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { name == family + $0 }) else {
            throw Fault(description: "\(name) does not belong to \(family)")
        }
        guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) else {
            throw Fault(description: "no name: \(name)")
        }
        guard samples.updateValue(value, forKey: series) == nil else {
            throw Fault(description: "twice: \(series)")
        }
        try checkLabels(series.dropFirst(name.count))
    }

    private func checkLabels(_ text: Substring) throws {
        guard !text.isEmpty else { return }
        var rest = text.dropFirst()
        guard text.first == "{", text.last == "}" else { throw Fault(description: "no labels: \(text)") }
        while rest != "}" {
            let label = rest.prefix { $0 != "=" }
            rest = rest.dropFirst(label.count)
            guard !label.isEmpty, rest.hasPrefix("=\"") else { throw Fault(description: "no label: \(text)") }
            rest = rest.dropFirst(2)
            while let next = rest.first, next != "\"" {
                if next == "\\" {
                    rest = rest.dropFirst()
                    guard let escape = rest.first, "\\\"n".contains(escape) else {
                        throw Fault(description: "no escape: \(text)")
                    }
                }
                rest = rest.dropFirst()
            }
            rest = rest.dropFirst()
            if rest.first == "," { rest = rest.dropFirst() }
        }
    }
}
