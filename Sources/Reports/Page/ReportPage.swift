import Files
import FoundationEssentials
import Restoration

/// The parts of the page that are the same for all pictures.
enum ReportPage {
    /// Everything above the figures. Only this page's own style and script may run, and nothing may be loaded.
    static func top(folder: Path) -> String {
        let name = MarkupText.escaped(folder.description)
        let now = Timestamp.now()
        let policy =
            "default-src 'none'; img-src data:; style-src '\(hash(PageStyle.text))'; script-src '\(hash(PageScript.text))'; base-uri 'none'; form-action 'none'"
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <meta name="generator" content="promptir-restored \(Version.current)">
            <title>Restored pictures in \(name)</title>
            <style>\(PageStyle.text)</style>
            </head>
            <body>
            <a class="skip" href="#pictures">Skip to the pictures</a>
            <header>
            <div><h1>Restored pictures</h1><p>in <bdi>\(name)</bdi>, as of <time datetime="\(now)">\(PageText.plain(now))</time></p></div>
            <button id="theme" type="button" aria-pressed="false">Dark</button>
            </header>
            <main>
            <section class="figures" aria-label="Figures">
            """
    }

    static let listStart = """
        <noscript><p>Sliders, filters and sorting need scripts, which are switched off.</p></noscript>
        <section aria-labelledby="pictures"><h2 id="pictures" tabindex="-1">Pictures</h2>
        <p id="none" hidden>No picture fits the filter.</p>
        <div id="list">

        """

    static let listEnd = "</div></section>\n"

    static let bottom = """
        </main>
        <footer><p>Changes are means over all samples, in levels of 255; a pixel counts as changed if one of its samples changed by more than 8. Pictures of which at most 0.5 % of the pixels changed are called hardly changed. Previews are small copies; sizes and figures are those of the files.</p></footer>
        <script>\(PageScript.text)</script>
        </body>
        </html>

        """

    /// The text's SHA-256 as a Content-Security-Policy names it.
    private static func hash(_ text: String) -> String {
        var digest = SHA256()
        digest.update(Array(text.utf8))
        let hexadecimal = Array(digest.finish())
        let bytes = stride(from: 0, to: hexadecimal.count, by: 2).compactMap {
            UInt8(String(hexadecimal[$0...$0 + 1]), radix: 16)
        }
        return "sha256-" + Data(bytes).base64EncodedString()
    }
}
