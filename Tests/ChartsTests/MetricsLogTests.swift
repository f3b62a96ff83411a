import Charts
import Files
import TestSupport
import Testing

@Suite("Metrics")
struct MetricsLogTests {
    private let folder: TemporaryFolder
    private let path: Path
    private let columns = ["epoch", "loss", "psnr"]

    init() throws {
        folder = try TemporaryFolder("promptir-metrics")
        path = Path(folder.path("metrics.csv"))
    }

    private func text() throws -> String { String(decoding: try WholeFiles.read(path), as: UTF8.self) }

    @Test("A header once, then a line each; values are read back to the last bit")
    func appending() throws {
        let rows: [MetricsTable.Row] = [
            .init(position: 1, values: [0.1, nil]),
            .init(position: 2, values: [1e-12, 28.123_456_789_012_34]),
            .init(position: 3, values: [.nan, .infinity]),
        ]
        let file = try MetricsLog(path, columns: columns, keepingThrough: nil)
        for row in rows { try file.append(row) }
        #expect(try text().hasPrefix("epoch,loss,psnr\n1,0.1,\n2,1e-12,28.12345678901234\n3,nan,inf\n"))
        let table = try MetricsTable(path)
        #expect(table.columns == columns)
        #expect(table.rows.prefix(2) == rows.prefix(2))
        #expect(table.rows[2].values[0]?.isNaN == true && table.rows[2].values[1] == .infinity)
    }

    @Test("A resumed run drops later lines and a torn one", arguments: ["", "3,0.2", "4,0.1,2", "9,9,9\n"])
    func resumed(tail: String) throws {
        try folder.write(
            Array(("epoch,loss,psnr\n1,0.5,\n2,0.25,20.0\n3,0.125,\n" + tail).utf8), to: "metrics.csv")
        let file = try MetricsLog(path, columns: columns, keepingThrough: 2)
        try file.append(.init(position: 3, values: [0.0625, 21]))
        #expect(try text() == "epoch,loss,psnr\n1,0.5,\n2,0.25,20.0\n3,0.0625,21.0\n")
    }

    @Test("A run that begins anew begins the file anew; one that was killed early too")
    func anew() throws {
        try folder.write(Array("epoch,loss,psnr\n1,0.5,\n".utf8), to: "metrics.csv")
        _ = try MetricsLog(path, columns: columns, keepingThrough: nil)
        #expect(try text() == "epoch,loss,psnr\n")
        for torn in ["", "epoch,lo"] {
            try folder.write(Array(torn.utf8), to: "metrics.csv")
            _ = try MetricsLog(path, columns: columns, keepingThrough: 5)
            #expect(try text() == "epoch,loss,psnr\n")
        }
    }

    @Test("A file of another kind is not touched")
    func foreign() throws {
        try folder.write(Array("a,b\n1,2\n".utf8), to: "metrics.csv")
        #expect(throws: MetricsFileError.otherColumns(path, expected: "epoch,loss,psnr", found: "a,b")) {
            _ = try MetricsLog(path, columns: columns, keepingThrough: 1)
        }
        #expect(try text() == "a,b\n1,2\n")
        try folder.write(Array("epoch,loss,psnr\n1,0.5,\nx,0.5,\n".utf8), to: "metrics.csv")
        #expect(throws: MetricsFileError.damaged(path, line: 3, text: "x,0.5,")) {
            _ = try MetricsLog(path, columns: columns, keepingThrough: 1)
        }
    }

    @Test("A folder that is not there is told")
    func missing() throws {
        #expect(throws: FileError.self) {
            _ = try MetricsLog(Path(folder.path("none/metrics.csv")), columns: columns, keepingThrough: nil)
        }
    }
}
