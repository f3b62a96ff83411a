/// temporary
package struct BatchShape: Sendable, Hashable {
    package let count: Int
    package let height: Int
    package let width: Int
    package init(count: Int, height: Int, width: Int) {
        self.count = count
        self.height = height
        self.width = width
    }
}
