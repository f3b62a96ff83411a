import Files
import Testing

@Suite struct TemporaryNamesTests {
    @Test(arguments: [
        ("a.png", false), (".a.png", true), ("a.PART", true), ("a.png.partial", true), ("a~", true),
        ("Thumbs.db", true), ("my thumbs.db", false), ("DESKTOP.INI", true), (".DS_Store", true),
        ("a.crdownload", true), ("a.filepart", true), ("part", false), ("tmp.png", false), ("", true),
    ])
    func theListIsOne(name: String, isTemporary: Bool) {
        #expect(TemporaryNames.contains(Array(name.utf8)) == isTemporary)
    }
}
