/// The extensions of picture files, in lower case.
package enum PictureExtensions {
    package static let png = ["png"]
    package static let jpeg = ["jpg", "jpeg", "jpe", "jfif"]
    package static let all = png + jpeg
}
