import Files
import Images
import Testing

@Suite("Pictures' names") struct PictureNameTests {
    @Test("what counts as a picture")
    func pictures() {
        for name in ["a.png", "a.JPG", "x/a.jpeg", "a.jfif"] { #expect(Path(name).isPicture) }
        for name in ["a.txt", "png", ".png", "a.png.json", "a"] { #expect(!Path(name).isPicture) }
    }
}
