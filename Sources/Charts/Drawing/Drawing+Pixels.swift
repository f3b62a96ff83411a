import Images

extension Drawing {
    /// Renders the drawing as pixels.
    package var pixels: RGBPixels {
        var canvas = Canvas(width: width, height: height)
        draw(on: &canvas)
        return canvas.pixels
    }

    func draw(on canvas: inout Canvas) {
        for mark in marks {
            switch mark {
            case .rectangle(let x, let y, let width, let height, let fill):
                canvas.fill(x: x, y: y, width: width, height: height, fill)
            case .line(let points, let colour, let width, let opacity):
                canvas.stroke([points], colour, width: width, opacity: opacity)
            case .dot(let centre, let radius, let fill, let ring):
                canvas.disc(centre, radius: radius, fill: fill, ring: ring)
            case .text(let text, let point, let size, let anchor, let colour, let bold, let turned):
                let strokes = StrokeFont.strokes(text, at: point, size: size, anchor: anchor, turned: turned)
                // Glyphs are drawn one at a time, because a whole line's box would be mostly empty.
                for glyph in strokes {
                    canvas.stroke(glyph, colour, width: size * (bold ? 0.125 : 0.088))
                }
            }
        }
    }

    /// Renders the drawing as a PNG file.
    package func png() throws(PictureError) -> [UInt8] {
        try PictureCodec.encode(pixels.picture, format: .png)
    }
}
