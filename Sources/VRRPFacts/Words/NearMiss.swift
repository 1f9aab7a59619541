/// The word that somebody meant who mistyped it.
package enum NearMiss {
    /// Returns the word nearest to what was typed; `nil` where none is near.
    ///
    /// A word is near when at most a third of its letters, and at least one, are wrong, missing, too many or swapped with
    /// their neighbours; or when it begins with what was typed, or the other way round. Hyphens and case do not count.
    ///
    /// - Parameters:
    ///   - typed: the word that is not known.
    ///   - words: the words that are known; of equals the first wins.
    /// - Returns: the word.
    package static func of(_ typed: String, among words: [String]) -> String? {
        let letters = simplified(typed)
        guard letters.count >= 2, letters.count <= 64 else { return nil }
        var best: (word: String, distance: Int)?
        for word in words {
            let known = simplified(word)
            let isPart =
                letters.count >= 4 && known.count >= 4 && (known.starts(with: letters) || letters.starts(with: known))
            let distance = isPart ? 1 : distance(letters, known)
            guard distance <= max(1, min(letters.count, known.count) / 3), best.map({ distance < $0.distance }) ?? true
            else { continue }
            best = (word, distance)
        }
        return best?.word
    }

    private static func simplified(_ word: String) -> [Character] {
        word.lowercased().filter { $0 != "-" && $0 != "_" && $0 != " " }.map { $0 }
    }

    /// The number of letters to change, add, leave out or swap with a neighbour (optimal string alignment).
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var before: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var next = [row + 1] + Array(repeating: 0, count: right.count)
            for (column, other) in right.enumerated() {
                next[column + 1] = min(
                    last[column] + (letter == other ? 0 : 1),
                    last[column + 1] + 1,
                    next[column] + 1
                )
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    next[column + 1] = min(next[column + 1], before[column - 1] + 1)
                }
            }
            before = last
            last = next
        }
        return last[right.count]
    }
}
