import Glibc

/// A JSON object in the order its members were set. Only written here, never read: no parser is needed.
struct JSONObject {
    private var members: [String] = []

    var text: String { "{" + members.joined(separator: ", ") + "}" }

    mutating func set(_ key: String, _ value: String?) {
        members.append("\(Self.quoted(key)): \(value.map(Self.quoted) ?? "null")")
    }

    mutating func set(_ key: String, _ value: Int?) {
        members.append("\(Self.quoted(key)): \(value.map(String.init) ?? "null")")
    }

    mutating func set(_ key: String, _ value: Bool) {
        members.append("\(Self.quoted(key)): \(value)")
    }

    mutating func set(_ key: String, _ value: JSONObject) {
        members.append("\(Self.quoted(key)): \(value.text)")
    }

    /// A member whose value is JSON already.
    mutating func setJSON(_ key: String, _ value: String) {
        members.append("\(Self.quoted(key)): \(value)")
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                quoted += "\\u" + hexadecimal(UInt64(scalar.value)).suffix(4)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// A time since 1970 as RFC 3339 in UTC, to the second.
func timestamp(_ time: Duration) -> String {
    var seconds = time_t(time.components.seconds)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ value: Int32, _ width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(width - digits.count, 0)) + digits
    }
    return "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))T"
        + "\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))Z"
}
