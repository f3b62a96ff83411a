import Files

extension Drawing {
    /// Renders the drawing as an SVG file.
    package var svg: String {
        let body = marks.map(Self.element).joined(separator: "\n")
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
            viewBox="0 0 \(width) \(height)" font-family="Helvetica, Arial, 'Liberation Sans', sans-serif">
            \(body)
            </svg>

            """
    }

    private static func element(_ mark: Mark) -> String {
        switch mark {
        case .rectangle(let x, let y, let width, let height, let fill):
            return "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(width))\" "
                + "height=\"\(number(height))\" fill=\"\(fill.hexadecimal)\"/>"
        case .line(let points, let colour, let width, let opacity):
            let list = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
            return "<polyline points=\"\(list)\" fill=\"none\" stroke=\"\(colour.hexadecimal)\" "
                + "stroke-width=\"\(number(width))\" stroke-linejoin=\"round\" stroke-linecap=\"round\""
                + (opacity < 1 ? " stroke-opacity=\"\(number(opacity))\"" : "") + "/>"
        case .dot(let centre, let radius, let fill, let ring):
            return "<circle cx=\"\(number(centre.x))\" cy=\"\(number(centre.y))\" r=\"\(number(radius))\" "
                + "fill=\"\(fill.hexadecimal)\" stroke=\"\(ring.hexadecimal)\" stroke-width=\"2\"/>"
        case .text(let text, let point, let size, let anchor, let colour, let bold, let turned):
            let place = "\(number(point.x)) \(number(point.y))"
            return "<text x=\"\(number(point.x))\" y=\"\(number(point.y))\" font-size=\"\(number(size))\" "
                + "text-anchor=\"\(anchor.rawValue)\" fill=\"\(colour.hexadecimal)\""
                + (bold ? " font-weight=\"bold\"" : "")
                + (turned ? " transform=\"rotate(-90 \(place))\"" : "")
                + ">\(MarkupText.escaped(text))</text>"
        }
    }

    /// Formats a number with at most two decimals.
    private static func number(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}

extension Colour {
    /// The colour as in "#1F77B4".
    var hexadecimal: String {
        "#"
            + [red, green, blue].map { ByteText.hexadecimal($0, uppercase: true) }.joined()
    }
}
