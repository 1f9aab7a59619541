/// Lists and counts in words, the same in every text that people read.
package enum Words {
    /// `a`, `a and b`, `a, b and c`; the words for an empty list where there is none.
    package static func list(_ items: [String], none: String = "") -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? none }
        return items.dropLast().joined(separator: ", ") + " and " + last
    }

    /// The first items of a list and the number of the others: `a, b and 5 more`.
    package static func list(_ items: [String], atMost limit: Int) -> String {
        guard items.count > limit else { return items.joined(separator: ", ") }
        return items.prefix(limit).joined(separator: ", ") + " and \(items.count - limit) more"
    }

    /// `1 advertisement`, `2 advertisements`; the plural has an s where none is given.
    package static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
    }
}

/// The items of a list in a sentence: ``Words/list(_:none:)``.
package func list(_ items: [String]) -> String { Words.list(items) }

/// A number of things in a sentence: ``Words/count(_:_:_:)``.
package func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    Words.count(number, noun, plural)
}
