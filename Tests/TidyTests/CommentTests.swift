import Testing

/// Documentation comments begin with a noun or a verb.
@Suite struct CommentTests {
    /// The number of headless openings: the two examples in this file.
    private static let mostHeadless = 2

    /// The first lines of documentation comments that are clauses without a head: "What …" instead of "The …".
    private static func headlessOpenings(in text: String) -> [Substring] {
        let opening = /\s*\/\/\/ (?:What|How|Whose|Where|When|Who|That|Those|Up to when|From when)\b.*/
        var isInside = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            defer { isInside = line.wholeMatch(of: /\s*\/\/\/.*/) != nil }
            return !isInside && line.wholeMatch(of: opening) != nil
        }
    }

    @Test("no more documentation comments begin with a clause than there were")
    func summariesAreNounsOrVerbs() throws {
        var found: [String] = []
        for folder in ["Sources", "Tests"] {
            for file in try ProjectFiles.files(in: folder) where file.hasSuffix(".swift") {
                let lines = Self.headlessOpenings(in: try ProjectFiles.text(of: file) ?? "")
                found += lines.map { "\(file): \($0.drop { $0 == " " })" }
            }
        }
        let list = found.joined(separator: "\n")
        #expect(found.count <= Self.mostHeadless, "\(found.count) comments begin with a clause:\n\(list)")
    }

    @Test func openingsAreToldFromOtherLines() {
        let text = """
            /// What it is.
            /// Where it goes on.
            let a = 0
                /// Whose it is.
            let b = 0
            /// Whether it is.
            /// When it is not.
            let c = 0
            /// Whatever.
            """
        #expect(Self.headlessOpenings(in: text) == ["/// What it is.", "    /// Whose it is."])
    }
}
