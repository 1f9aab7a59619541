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

    /// No block of keepalived.conf nests deeper than a few levels.
    private static let deepest = 64

    init(_ lines: [KeepalivedLines.Line]) {
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

    private mutating func finish() {
        flush()
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
