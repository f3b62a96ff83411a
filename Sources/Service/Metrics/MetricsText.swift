/// Metrics in Prometheus' text format (version 0.0.4), which node_exporter's textfile collector reads.
package struct MetricsText: Sendable {
    package private(set) var text = ""

    package init() {}

    /// Adds a counter, which only grows while the process runs; its name ends in `_total`.
    package mutating func counter(_ name: String, _ help: String, _ value: Int) {
        precondition(name.hasSuffix("_total"), "\(name): a counter's name ends in _total")
        head(name, help, "counter")
        sample(name, [], String(value))
    }

    /// Adds a gauge, which may grow and shrink.
    package mutating func gauge(_ name: String, _ help: String, _ value: Int) {
        head(name, help, "gauge")
        sample(name, [], String(value))
    }

    /// Adds labels that describe the process; the value is always 1.
    package mutating func info(_ name: String, _ help: String, _ labels: [(name: String, value: String)]) {
        precondition(name.hasSuffix("_info"), "\(name): an info metric's name ends in _info")
        head(name, help, "gauge")
        sample(name, labels, "1")
    }

    package mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        head(name, help, "histogram")
        var below = 0
        for (bound, count) in zip(histogram.bounds.map { "\($0)" } + ["+Inf"], histogram.counts) {
            below += count
            sample(name + "_bucket", [("le", bound)], String(below))
        }
        sample(name + "_sum", [], "\(histogram.sum)")
        sample(name + "_count", [], String(below))
    }

    private mutating func head(_ name: String, _ help: String, _ type: String) {
        text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(type)\n"
    }

    private mutating func sample(_ name: String, _ labels: [(name: String, value: String)], _ value: String) {
        let inner = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }.joined(
            separator: ",")
        text += name + (labels.isEmpty ? "" : "{\(inner)}") + " \(value)\n"
    }

    /// Escapes the backslash, the line feed and, in labels, the quote; the format has no other escapes.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
