import Files

/// Why a file of metrics cannot be continued.
package enum MetricsFileError: Error, Sendable, Equatable, CustomStringConvertible {
    case otherColumns(Path, expected: String, found: String)
    case damaged(Path, line: Int, text: String)

    package var description: String {
        switch self {
        case .otherColumns(let path, let expected, let found):
            "\(path): expected the columns \(expected), found \(ByteText.oneLine(found)); move the file away or give "
                + "another output folder"
        case .damaged(let path, let line, let text):
            "\(path), line \(line): expected a whole number and numbers or nothing between commas, found "
                + "\"\(ByteText.oneLine(text))\"; repair the line or move the file away"
        }
    }
}

/// The contents of a file of metrics.
package struct MetricsTable: Sendable, Equatable {
    /// A line: its position (a step or an epoch) and a value for every other column, nil if the column is empty.
    package struct Row: Sendable, Equatable {
        package let position: Int
        package let values: [Double?]

        package init(position: Int, values: [Double?]) {
            self.position = position
            self.values = values
        }
    }

    /// The first column is the position.
    package let columns: [String]
    package let rows: [Row]

    /// Reads a file. A last line without a line break is incomplete and does not count.
    ///
    /// - Throws: `FileError`, or `MetricsFileError.damaged`.
    package init(_ path: Path) throws {
        let lines = String(decoding: try WholeFiles.read(path), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let columns = (lines.first ?? "").split(separator: ",").map(String.init)
        self.columns = columns
        rows = try lines.dropFirst().enumerated().map { index, line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            let values = fields.dropFirst().map { Double($0) }
            guard fields.count == columns.count, let position = Int(fields[0]),
                zip(fields.dropFirst(), values).allSatisfy({ $0.isEmpty || $1 != nil })
            else {
                throw MetricsFileError.damaged(path, line: index + 2, text: String(line))
            }
            return Row(position: position, values: values)
        }
    }
}

/// `metrics.csv`: a header, then a line for every position, appended during the run.
package struct MetricsLog: ~Copyable {
    private let file: AppendFile
    private let columnCount: Int

    /// Starts a new file, or continues an existing one.
    ///
    /// - Parameters:
    ///   - columns: the first one is the position; names without commas or line breaks.
    ///   - position: the last one to keep in an existing file; later lines are removed. Nil starts a new file.
    /// - Throws: `FileError`; `MetricsFileError` where the file has other columns or is damaged.
    package init(_ path: Path, columns: [String], keepingThrough position: Int?) throws {
        precondition(
            !columns.isEmpty && !columns.contains { $0.contains { $0 == "," || $0.isNewline } },
            "MetricsLog: columns \(columns)")
        var rows: [MetricsTable.Row] = []
        if let position, try WholeFiles.status(path) != nil {
            let table = try MetricsTable(path)
            // A file has no columns if its run was killed before the header was complete.
            guard table.columns == columns || table.columns.isEmpty else {
                throw MetricsFileError.otherColumns(
                    path, expected: columns.joined(separator: ","),
                    found: table.columns.joined(separator: ","))
            }
            rows = table.rows.filter { $0.position <= position }
        }
        let lines = [columns.joined(separator: ",")] + rows.map(Self.line)
        try AtomicFile.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: path)
        let file = try AppendFile(path)
        self.file = file
        columnCount = columns.count
    }

    /// Appends a line. Numbers are written so that reading them gives the same value.
    package func append(_ row: MetricsTable.Row) throws(FileError) {
        precondition(row.values.count == columnCount - 1, "MetricsLog: \(row.values.count + 1) columns")
        try file.write(Array((Self.line(row) + "\n").utf8))
    }

    private static func line(_ row: MetricsTable.Row) -> String {
        ([String(row.position)] + row.values.map { $0.map { "\($0)" } ?? "" }).joined(separator: ",")
    }
}
