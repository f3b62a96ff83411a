import Files
import Testing

@Suite struct MarkupTextTests {
    @Test func reservedCharactersAreEscaped() {
        #expect(
            MarkupText.escaped("<a href=\"x\" title='y'>&amp;</a>")
                == "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;")
        #expect(MarkupText.escaped("a\u{0}\n\u{7F}b ü") == "ab ü")
    }

    @Test func textFromOthersIsOneSafeLine() {
        #expect(MarkupText.oneLine("a\n<b>\u{202E}") == "a\\x0a&lt;b&gt;\\xe2\\x80\\xae")
    }
}
