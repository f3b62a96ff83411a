/// Finds the word that a mistyped one most likely means.
package enum Spelling {
    /// Returns the nearest of the words and its distance; nil if there are none.
    package static func nearest(to word: String, among words: [String]) -> (word: String, distance: Int)? {
        let wanted = Array(word)
        return words.map { (word: $0, distance: editDistance(wanted, Array($0))) }
            .min { $0.distance < $1.distance }
    }

    /// Returns the Levenshtein distance, which counts insertions, deletions and replacements of single
    /// characters.
    private static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
        var row = Array(0...b.count)
        for (i, left) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in b.enumerated() {
                let replaced = diagonal + (left == right ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[b.count]
    }
}
