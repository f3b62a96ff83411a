/// Writes JSON.
package enum JSONText {
    /// Returns the text as a JSON string with its quotes (RFC 8259).
    ///
    /// - Parameter escapesInvisible: also writes characters that could break a line, or hide in one, as `\u`,
    ///   not only those that JSON requires.
    package static func quoted(_ text: String, escapesInvisible: Bool = true) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || escapesInvisible && ByteText.isUnsafe(scalar):
                for unit in String(scalar).utf16 {
                    result += "\\u" + ByteText.hexadecimal(unit)
                }
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// A JSON object with its members in the order in which they were set.
package struct JSONObject: Sendable {
    private var members: [String] = []

    package init() {}

    package var text: String { "{" + members.joined(separator: ", ") + "}" }

    package mutating func set(_ key: String, _ value: String?) {
        setJSON(key, value.map { JSONText.quoted($0) } ?? "null")
    }

    package mutating func set(_ key: String, _ value: Int?) {
        setJSON(key, value.map(String.init) ?? "null")
    }

    package mutating func set(_ key: String, _ value: Bool?) {
        setJSON(key, value.map(String.init) ?? "null")
    }

    package mutating func set(_ key: String, _ value: JSONObject) {
        setJSON(key, value.text)
    }

    /// Sets an object whose members are sorted by key.
    package mutating func set(_ key: String, _ value: [String: String]) {
        var inner = JSONObject()
        for (key, value) in value.sorted(by: { $0.key < $1.key }) { inner.set(key, value) }
        set(key, inner)
    }

    /// Sets a member whose value is JSON already.
    package mutating func setJSON(_ key: String, _ value: String) {
        members.append("\(JSONText.quoted(key)): \(value)")
    }
}
