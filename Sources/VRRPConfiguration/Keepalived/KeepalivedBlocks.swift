/// A statement of keepalived.conf: words, and a block where braces follow.
struct KeepalivedStatement {
    /// Never empty, quotes gone.
    var words: [String]
    var location: SourceLocation
    /// `nil` without braces.
    var block: [KeepalivedStatement]?

    var keyword: String { words[0] }
    var arguments: ArraySlice<String> { words.dropFirst() }
}

/// Puts lines together to statements and blocks, as braces outside quotes say (keepalived, `read_line` and
/// `process_stream` in lib/parser.c).
struct KeepalivedBlocks {
    private(set) var statements: [KeepalivedStatement] = []
    private(set) var problems: [ConfigurationProblem] = []
    /// The blocks that are open, outermost first, each by the statement that it belongs to.
    private var open: [KeepalivedStatement] = []
    /// The statement that a brace may follow.
    private var latest: KeepalivedStatement?
    /// Open braces that belong to no statement, or to one too deep.
    private var stray = 0
    /// Braces that end nothing.
    private var strayClosings = 0
    /// Whether a block was open at the end.
    private var hasUnclosedBlock = false

    /// No block of keepalived.conf nests deeper than a few levels.
    private static let deepest = 64

    /// Whether a keyword that only an outer block has ends the blocks within.
    private var endsBlocksByKeyword: Bool

    /// Puts lines together.
    ///
    /// Where a brace is missing at the end, nobody knows from the end alone which block lacks it. The keywords tell: a block
    /// is over where a keyword follows that it does not have and one around it has. This second reading is taken if all
    /// braces have a place in it.
    init(_ lines: [KeepalivedLines.Line]) {
        let plain = Self(lines, endsBlocksByKeyword: false)
        self = plain
        guard plain.hasUnclosedBlock else { return }
        let other = Self(lines, endsBlocksByKeyword: true)
        if other.strayClosings <= plain.strayClosings { self = other }
    }

    private init(_ lines: [KeepalivedLines.Line], endsBlocksByKeyword: Bool) {
        self.endsBlocksByKeyword = endsBlocksByKeyword
        for line in lines {
            for piece in Self.pieces(of: line.text) { take(piece, at: line.location) }
        }
        finish()
    }

    private enum Piece {
        case words([String])
        case openBrace
        case closeBrace
    }

    private mutating func take(_ piece: Piece, at location: SourceLocation) {
        switch piece {
        case .words(let words):
            flush()
            if endsBlocksByKeyword { endBlocks(before: words[0], at: location) }
            latest = KeepalivedStatement(words: words, location: location, block: nil)
        case .openBrace:
            guard var statement = latest, open.count < Self.deepest else {
                stray += 1
                problems.append(ConfigurationProblem(.syntax, location, "'{' begins no block"))
                return
            }
            statement.block = []
            open.append(statement)
            latest = nil
        case .closeBrace:
            flush()
            if stray > 0 {
                stray -= 1
            } else if let statement = open.popLast() {
                append(statement)
            } else {
                strayClosings += 1
                problems.append(ConfigurationProblem(.syntax, location, "'}' ends no block"))
            }
        }
    }

    private mutating func flush() {
        guard let statement = latest else { return }
        latest = nil
        append(statement)
    }

    private mutating func append(_ statement: KeepalivedStatement) {
        if open.isEmpty {
            statements.append(statement)
        } else {
            open[open.count - 1].block?.append(statement)
        }
    }

    /// Ends the blocks that do not have a keyword, up to the nearest one around them that has it.
    private mutating func endBlocks(before keyword: String, at location: SourceLocation) {
        guard !open.isEmpty, stray == 0 else { return }
        var paths = [""]
        for statement in open { paths.append(KeepalivedKeywords.path(statement.keyword, in: paths[paths.count - 1])) }
        guard let owner = paths.lastIndex(where: { KeepalivedKeywords.isKnown(keyword, in: $0) }) else { return }
        while open.count > owner, let statement = open.popLast() {
            let message = "the block of '\(statement.keyword)' is not closed before line \(location.line)"
            problems.append(ConfigurationProblem(.syntax, statement.location, message))
            append(statement)
        }
    }

    private mutating func finish() {
        flush()
        hasUnclosedBlock = !open.isEmpty
        while let statement = open.popLast() {
            problems.append(
                ConfigurationProblem(.syntax, statement.location, "the block of '\(statement.keyword)' is not closed")
            )
            append(statement)
        }
    }

    /// Words and braces in order; quotes keep blanks and braces together.
    private static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var words: [String] = []
        var word: String?
        var isQuoted = false
        func endWord() {
            if let finished = word { words.append(finished) }
            word = nil
        }
        func endWords() {
            endWord()
            if !words.isEmpty { pieces.append(.words(words)) }
            words = []
        }
        for character in text {
            if isQuoted {
                if character == "\"" { isQuoted = false } else { word?.append(character) }
            } else if character == "\"" {
                isQuoted = true
                word = word ?? ""
            } else if character.isKeepalivedBlank {
                endWord()
            } else if character == "{" || character == "}" {
                endWords()
                pieces.append(character == "{" ? .openBrace : .closeBrace)
            } else {
                word = (word ?? "") + String(character)
            }
        }
        endWords()
        return pieces
    }
}
