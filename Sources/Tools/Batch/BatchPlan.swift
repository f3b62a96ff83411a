import Files
import Images
import Restoration

/// One picture of a batch.
package struct BatchItem: Sendable, Equatable {
    package let input: Path
    /// The full path of the restored picture.
    package let output: Path

    package init(input: Path, output: Path) {
        self.input = input
        self.output = output
    }

    /// Whether the picture comes from standard input or goes to standard output.
    package var isStream: Bool { [input, output].contains(StandardStreams.path) }

    /// Whether the output exists and is newer than the original and the model. An existing output is
    /// complete, because outputs appear only when they are.
    func isDone(modelModified: Duration) -> Bool {
        guard !isStream, let output = try? WholeFiles.status(output),
            let input = try? WholeFiles.status(input)
        else { return false }
        return output.isRegularFile && output.modified >= max(input.modified, modelModified)
    }
}

/// Why a batch cannot start.
package enum BatchError: Error, Sendable, Equatable, CustomStringConvertible {
    case missingInput(Path)
    case noPictures([Path], leftAlone: LeftAlone)
    /// Several pictures, or a folder, cannot go into one file.
    case severalInOne(Path)
    /// A picture from standard input has no name that it could have in a folder.
    case namelessInput(Path)
    /// The output's extension and the requested format disagree.
    case otherFormat(Path, OutputFormat)
    /// Pictures are not printed on a terminal.
    case outputOnTerminal
    /// The restored picture would replace the original.
    case overwritesOriginal(Path)
    /// A file that may not be a result of this program would be replaced.
    case replacesOther(Path)
    /// Two inputs have the same output, even with their full names.
    case sameOutput(Path, Path, output: Path)

    package var description: String {
        switch self {
        case .missingInput(let path):
            "input \(path): there is no such file or folder"
        case .noPictures(let paths, let leftAlone):
            "no pictures (\(PictureExtensions.all.joined(separator: ", "))) in "
                + paths.map(\.description).joined(separator: ", ")
                + (leftAlone.isEmpty ? "" : ", but \(leftAlone)")
        case .severalInOne(let path):
            "\(path == StandardStreams.path ? "standard output" : "\(path)") takes one picture; "
                + "give a folder for several"
        case .namelessInput(let path):
            "standard input has no name; give a file instead of the folder \(path)"
        case .otherFormat(let path, let format):
            "\(path) and --format \(format.rawValue) disagree; leave --format out, or choose another name"
        case .outputOnTerminal:
            "standard output is a terminal; redirect it into a file or a program"
        case .overwritesOriginal(let path):
            "the restored picture would replace the original \(path); choose another output folder"
        case .replacesOther(let path):
            "\(path) is there already and older than its original or the model, in a folder that holds originals too: "
                + "it may be another picture; choose another output folder, or replace it with --overwrite"
        case .sameOutput(let first, let second, let output):
            "\(first) and \(second) would both become \(output); restore them into different folders"
        }
    }
}

/// The work of a batch, determined before anything is written.
package struct BatchPlan: Sendable, Equatable {
    package let items: [BatchItem]
    /// Whether there are originals in the output folder or below it, so that it has not only results.
    let outputHoldsOriginals: Bool
    /// The format of the outputs: as requested, or by the extension of a single output.
    package let format: OutputFormat
    package let leftAlone: LeftAlone
    /// The folder of all outputs; nil if a single picture goes elsewhere.
    package let folder: Path?

    /// Plans the outputs. A single picture may go to a file, whose extension then determines the format, or to standard
    /// output; it may come from standard input. Otherwise `output` is a folder. Files go into the output folder by their
    /// name; folders with all their subfolders, by the path relative to them. The output folder itself is skipped if it is inside an input.
    /// - Throws: `BatchError`, or `FileError` if a folder cannot be read.
    package init(inputs: [Path], output: Path, format: OutputFormat) throws {
        if try Self.isFile(output) {
            try self.init(single: inputs, file: output, format: format)
        } else {
            guard !inputs.contains(StandardStreams.path) else { throw BatchError.namelessInput(output) }
            try self.init(inputs: inputs, folder: output, format: format)
        }
    }

    /// Whether the output is not a folder but the picture itself.
    private static func isFile(_ output: Path) throws -> Bool {
        if output == StandardStreams.path { return true }
        return try output.isPicture && WholeFiles.status(output)?.isFolder != true
    }

    private init(single inputs: [Path], file output: Path, format: OutputFormat) throws {
        guard let input = inputs.first, inputs.count == 1 else { throw BatchError.severalInOne(output) }
        let byName = OutputFormat.allCases.first {
            $0.fixed?.extensions.contains(output.lowercasedExtension) ?? false
        }
        if let byName, format != .same, byName != format { throw BatchError.otherFormat(output, format) }
        guard output != StandardStreams.path || !StandardStreams.isOutputTerminal else {
            throw BatchError.outputOnTerminal
        }
        if input != StandardStreams.path {
            guard let status = try WholeFiles.status(input) else { throw BatchError.missingInput(input) }
            guard !status.isFolder else { throw BatchError.severalInOne(output) }
            if output != StandardStreams.path, try WholeFiles.status(output)?.identity == status.identity {
                throw BatchError.overwritesOriginal(input)
            }
        }
        items = [BatchItem(input: input, output: output)]
        self.format = byName ?? format
        folder = nil
        outputHoldsOriginals = output != StandardStreams.path
        leftAlone = LeftAlone()
    }

    private init(inputs: [Path], folder output: Path, format: OutputFormat) throws {
        self.format = format
        folder = output
        let excluded = try WholeFiles.status(output)?.identity
        var found: [(input: Path, relative: Path)] = []
        var leftAlone = LeftAlone()
        for input in inputs {
            guard let status = try WholeFiles.status(input) else { throw BatchError.missingInput(input) }
            if status.isFolder {
                let names = try WholeFiles.regularFiles(
                    below: input, excluding: excluded,
                    where: { file in
                        leftAlone.note(file)
                        return file.isPicture
                    }, onLinkedFolder: { _ in leftAlone.noteLinkedFolder() })
                found += names.map { (input.appending($0), $0) }
            } else {
                found.append((input, input.name))
            }
        }
        guard !found.isEmpty else { throw BatchError.noPictures(inputs, leftAlone: leftAlone) }
        self.leftAlone = leftAlone
        items = try Self.items(found, output: output, format: format)
        outputHoldsOriginals = try excluded.map { try Self.holds($0, inputs) } ?? false
        for item in items {
            if let existing = try WholeFiles.status(item.output),
                let original = try WholeFiles.status(item.input),
                existing.identity == original.identity
            {
                throw BatchError.overwritesOriginal(item.input)
            }
        }
    }

    /// Refuses to replace files that may not be results. In a folder that also has originals, a file with an
    /// output's name counts as an earlier result only if it is newer than its original and the model; it is
    /// then kept.
    ///
    /// - Parameter modelModified: the time since 1970.
    /// - Throws: `BatchError.replacesOther`, or `FileError`.
    package func checkReplacing(modelModified: Duration) throws {
        guard outputHoldsOriginals else { return }
        for item in items where try WholeFiles.status(item.output) != nil {
            if !item.isDone(modelModified: modelModified) { throw BatchError.replacesOther(item.output) }
        }
    }

    /// Whether one of the inputs is in the folder or below it, in whatever way its path says so.
    private static func holds(_ folder: FileIdentity, _ inputs: [Path]) throws -> Bool {
        for input in inputs {
            let isFolder = try WholeFiles.status(input)?.isFolder ?? false
            var place = isFolder ? input : input.folder
            var last: FileIdentity?
            while let identity = try WholeFiles.status(place)?.identity, identity != last {
                if identity == folder { return true }
                last = identity
                place = place.appending("..")
            }
        }
        return false
    }

    /// Chooses all names, which depend only on the inputs' names. If a new extension gives two inputs the
    /// same name (`a.jpg` and `a.png` as PNG), the one that keeps its name has it, and the other gets
    /// `a.jpg.png`.
    package static func items(
        _ found: [(input: Path, relative: Path)], output: Path, format: OutputFormat
    ) throws(BatchError) -> [BatchItem] {
        var takers: [Path: Path] = [:]
        for (input, relative) in found where OutputName.name(for: relative, format: format) == relative {
            if let other = takers.updateValue(input, forKey: relative), other != input {
                throw .sameOutput(other, input, output: output.appending(relative))
            }
        }
        var items: [BatchItem] = []
        var seen: Set<Path> = []
        for (input, relative) in found where seen.insert(input).inserted {
            var name = OutputName.name(for: relative, format: format)
            if name != relative {
                if takers[name] != nil {
                    name = OutputName.fullName(for: relative, format: format)
                }
                if let other = takers.updateValue(input, forKey: name) {
                    throw .sameOutput(other, input, output: output.appending(name))
                }
            }
            items.append(BatchItem(input: input, output: output.appending(name)))
        }
        return items
    }
}
