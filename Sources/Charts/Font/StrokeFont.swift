/// A small typeface of our own, for pictures made without any font of the system.
enum StrokeFont {
    /// Units of a glyph in one point of size: capitals are 0.7 of the size high.
    private static let scale = 0.05

    /// The width of a text in pixels.
    static func width(_ text: String, size: Double) -> Double {
        text.reduce(0) { $0 + glyph($1).advance } * size * scale
    }

    /// The strokes of every glyph, in pixels.
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

    /// The text, or as much of its end as fits, after an ellipsis: of a path, the end tells most.
    static func fitted(_ text: String, size: Double, width limit: Double) -> String {
        guard width(text, size: size) > limit else { return text }
        var rest = text[...]
        while !rest.isEmpty, width("…" + rest, size: size) > limit { rest = rest.dropFirst() }
        return "…" + rest
    }

    private static func glyph(_ character: Character) -> Glyph { glyphs[character] ?? unknown }

    /// A box, for what the typeface does not have.
    private static let unknown = Glyph("7 M 0 0 L 0 11 L 7 11 L 7 0 L 0 0")

    private static let glyphs: [Character: Glyph] = GlyphTable.descriptions.mapValues { Glyph($0) }
}
