/// Text in HTML and SVG.
package enum MarkupText {
    /// Escapes the characters that HTML and XML reserve, in text and in quoted attributes, and removes control
    /// characters, which XML forbids.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default:
                if scalar.properties.generalCategory != .control { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }

    /// Returns text from others, such as names, as one safe line (see ``ByteText``) with the reserved characters
    /// escaped.
    package static func oneLine(_ text: String) -> String { escaped(ByteText.oneLine(text)) }
}
