import Service
import TestSupport
import Testing

@Suite struct MetricsTextTests {
    @Test func everyKindIsWrittenByTheRules() throws {
        var text = MetricsText()
        text.counter("a_total", "How \\ often\nit was.", 3)
        text.gauge("b", "Now.", -1)
        text.info("c_info", "What.", [("name", "a\\b\"c\nd"), ("é", "")].filter { $0.0 == "name" })
        var histogram = Histogram(bounds: [0.5, 1, 10])
        for value in [0.1, 0.5, 0.7, 10, 11] { histogram.observe(value) }
        text.histogram("d_seconds", "How long.", histogram)
        let reader = try MetricsReader(text.text)
        #expect(
            text.text.hasPrefix(
                "# HELP a_total How \\\\ often\\nit was.\n# TYPE a_total counter\na_total 3\n"))
        #expect(reader.samples["c_info{name=\"a\\\\b\\\"c\\nd\"}"] == 1)
        #expect(reader.samples["d_seconds_bucket{le=\"0.5\"}"] == 2)
        #expect(reader.samples["d_seconds_bucket{le=\"1.0\"}"] == 3)
        #expect(reader.samples["d_seconds_bucket{le=\"10.0\"}"] == 4)
        #expect(reader.samples["d_seconds_bucket{le=\"+Inf\"}"] == 5)
        #expect(reader.samples["d_seconds_count"] == 5)
        #expect(abs((reader.samples["d_seconds_sum"] ?? 0) - 22.3) < 1e-9)
    }

    @Test(arguments: [
        "a 1", "# HELP a x\n# TYPE a counter\na 1\n", "# HELP a x\n# TYPE a gauge\nb 1\n", "a{b=\"\n",
    ])
    func theReaderSeesWhatIsWrong(text: String) {
        #expect(throws: MetricsReader.Fault.self) { try MetricsReader(text) }
    }
}
