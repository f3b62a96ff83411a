import Files

/// Makes text safe on one line. A file's name may contain line breaks, terminal sequences or marks that
/// change the reading direction, and none of them may forge or hide a line of a log.
package enum LineText {
    /// Returns the text with every such character, and the backslash, written as an escape.
    package static func escaped(_ text: String) -> String { ByteText.escaped(Array(text.utf8)) }

    /// Returns the text as one word, in quotes if it is empty or contains blanks, quotes or equality signs.
    ///
    /// - Parameter isEscaped: whether the text is escaped already.
    package static func word(_ text: String, isEscaped: Bool = false) -> String {
        let escaped = isEscaped ? text : escaped(text)
        guard text.isEmpty || text.contains(where: { $0 == " " || $0 == "\"" || $0 == "=" }) else {
            return escaped
        }
        var quoted = "\""
        for character in escaped {
            if character == "\"" { quoted += "\\" }
            quoted.append(character)
        }
        return quoted + "\""
    }
}
