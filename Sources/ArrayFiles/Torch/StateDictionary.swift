/// Finds the dictionary of weights in the value of a checkpoint's pickle: `{"state_dict": …}`, `{"model": …}`
/// and the like, possibly nested.
struct StateDictionary {
    private(set) var tensors: [StoredTensor] = []
    /// The names of entries with whole or boolean numbers, or without a tensor.
    private(set) var ignored: [String] = []
    private(set) var notes: [String] = []

    /// The keys of averaged (EMA) weights, which give better pictures and are preferred.
    private static let averagedKeys = ["params_ema", "ema", "ema_state_dict", "state_dict_ema", "model_ema"]
    /// The keys of weights as trained.
    private static let plainKeys = ["state_dict", "model_state_dict", "model", "params"]

    private typealias Entries = [(key: PickleValue, value: PickleValue)]

    init(_ contents: TorchContents) throws(ArrayFileError) {
        var search = Search(heap: contents.heap)
        guard let found = search.find(contents.root, depth: 0) else { throw Self.missing(in: contents) }
        if !found.path.isEmpty { notes.append("weights read from \(found.path.joined(separator: "."))") }
        if found.isAveragedByChoice {
            notes.append("both averaged (EMA) and plain weights are there: the averaged ones are used")
        }
        try read(found.entries, of: contents)
    }

    private struct Found {
        var path: [String]
        let entries: Entries
        var isAveragedByChoice = false
    }

    private struct Search {
        let heap: PickleHeap
        /// The dictionaries searched so far. A dictionary may contain itself under several keys, and each is
        /// searched once.
        var seen: Set<Int> = []

        mutating func find(_ value: PickleValue, depth: Int) -> Found? {
            guard depth <= Limits.nestingDepth, case .dictionary(let index) = value,
                seen.insert(index).inserted
            else {
                return nil
            }
            let entries = heap.dictionaries[index]
            var nested: [String: PickleValue] = [:]
            for (key, value) in entries {
                if case .text(let name) = key, case .dictionary = value { nested[name] = value }
            }
            for key in averagedKeys + plainKeys {
                guard let value = nested[key], var found = find(value, depth: depth + 1) else { continue }
                found.path.insert(key, at: 0)
                if averagedKeys.contains(key), plainKeys.contains(where: { nested[$0] != nil }) {
                    found.isAveragedByChoice = true
                }
                return found
            }
            // Nested dictionaries come first, because a training dictionary may have a loss as a tensor
            // beside them.
            let holdsTensors = entries.contains { key, value in
                if case .text = key, case .tensor = value { true } else { false }
            }
            return holdsTensors ? Found(path: [], entries: entries) : nil
        }
    }

    private mutating func read(_ entries: Entries, of contents: TorchContents) throws(ArrayFileError) {
        var names: Set<String> = []
        var elementTotal = 0
        for (key, value) in entries {
            guard case .text(let name) = key else { continue }
            guard names.insert(name).inserted else {
                throw ArrayFileError(contents.file.path, .checkpoint(.duplicateName(name, name)))
            }
            switch value {
            case .tensor(let index):
                guard let tensor = try contents.tensor(index, name: name) else {
                    ignored.append(name)
                    continue
                }
                let (total, overflow) = elementTotal.addingReportingOverflow(tensor.elementCount)
                guard !overflow, total <= contents.file.count * Limits.elementsPerFileByte else {
                    throw contents.fail(.tooManyElements(tensor: name))
                }
                elementTotal = total
                tensors.append(tensor)
            case .opaque(let global) where !name.hasSuffix("_extra_state"):
                throw contents.fail(.unknownGlobal(entry: name, global: global.name))
            default:
                ignored.append(name)
            }
        }
    }

    /// Returns the error for a file without weights. Saving a whole model gives an object of the model's
    /// class.
    private static func missing(in contents: TorchContents) -> ArrayFileError {
        switch contents.root {
        case .opaque(let global), .global(let global):
            return contents.fail(.unknownGlobal(entry: "the file's object", global: global.name))
        case .dictionary(let index):
            let entries = contents.heap.dictionaries[index]
            for (key, value) in entries {
                guard case .text(let name) = key, case .opaque(let global) = value,
                    (averagedKeys + plainKeys).contains(name)
                else { continue }
                return contents.fail(.unknownGlobal(entry: name, global: global.name))
            }
            let keys = entries.lazy.compactMap { key, _ -> String? in
                if case .text(let key) = key { key } else { nil }
            }
            return ArrayFileError(contents.file.path, .checkpoint(.noWeights(found: Array(keys.prefix(8)))))
        default:
            return ArrayFileError(contents.file.path, .checkpoint(.noWeights(found: [])))
        }
    }
}
