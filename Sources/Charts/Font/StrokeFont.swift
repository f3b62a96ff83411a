/// A small built-in typeface, so that charts need no system font.
enum StrokeFont {
    /// Units of a glyph per point of size. Capitals are 0.7 of the size high.
    private static let scale = 0.05

    /// Returns the width of a text in pixels.
    static func width(_ text: String, size: Double) -> Double {
        text.reduce(0) { $0 + glyph($1).advance } * size * scale
    }

    /// Returns the strokes of every glyph, in pixels.
    static func strokes(
        _ text: String, at point: Point, size: Double, anchor: TextAnchor, turned: Bool
    ) -> [[[Point]]] {
        let width = width(text, size: size)
        var pen: Double =
            switch anchor {
            case .start: 0
            case .middle: -width / 2
            case .end: -width
            }
        return text.map { character in
            let glyph = glyph(character)
            defer { pen += glyph.advance * size * scale }
            return glyph.strokes.map { stroke in
                stroke.map { unit in
                    let along = pen + (unit.x + 0.8) * size * scale
                    let up = unit.y * size * scale
                    return turned
                        ? Point(point.x - up, point.y - along) : Point(point.x + along, point.y - up)
                }
            }
        }
    }

    /// Returns the text, or an ellipsis and as much of its end as fits, because the end of a path is the most
    /// informative.
    static func fitted(_ text: String, size: Double, width limit: Double) -> String {
        guard width(text, size: size) > limit else { return text }
        var rest = text[...]
        while !rest.isEmpty, width("…" + rest, size: size) > limit { rest = rest.dropFirst() }
        return "…" + rest
    }

    private static func glyph(_ character: Character) -> Glyph { glyphs[character] ?? unknown }

    /// A box for characters that the typeface lacks.
    private static let unknown = Glyph("7 M 0 0 L 0 11 L 7 11 L 7 0 L 0 0")

    private static let glyphs: [Character: Glyph] = GlyphTable.descriptions.mapValues { Glyph($0) }
}
