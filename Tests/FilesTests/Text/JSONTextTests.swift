import Files
import Foundation
import Testing

@Suite struct JSONTextTests {
    @Test(arguments: ["", "a\"b\\c\n\r\t\u{0}\u{7F}\u{2028}\u{202E}", "é 🏔️ 𝄞", "\u{E0001}x"])
    func anyTextComesBack(text: String) throws {
        let quoted = JSONText.quoted(text)
        #expect(!quoted.unicodeScalars.contains { ByteText.isUnsafe($0) })
        let object = try JSONSerialization.jsonObject(with: Data("[\(quoted)]".utf8)) as? [String]
        #expect(object == [text])
    }

    @Test func anObjectKeepsItsOrder() {
        var object = JSONObject()
        object.set("b", 1)
        object.set("a", String?.none)
        object.set("c", true)
        object.set("d", ["y": "2", "x": "1"])
        #expect(object.text == #"{"b": 1, "a": null, "c": true, "d": {"x": "1", "y": "2"}}"#)
    }

    @Test func onlyWhatMustBeIsEscapedWhereThatIsAskedFor() {
        #expect(JSONText.quoted("a\u{1}\"\u{2028}é", escapesInvisible: false) == "\"a\\u0001\\\"\u{2028}é\"")
    }
}
