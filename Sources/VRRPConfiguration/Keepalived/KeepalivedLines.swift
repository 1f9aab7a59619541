/// The lines of keepalived.conf as its keywords see them: included files read, comments and conditions gone, definitions
/// put in (keepalived, `read_line` in lib/parser.c).
///
/// Everything that text can make grow is bounded; what does not fit is a problem, and reading ends there.
struct KeepalivedLines {
    struct Line {
        var text: String
        var location: SourceLocation
    }

    static let mostFiles = 1_000
    static let deepestInclude = 16
    static let mostSubstitutions = 256
    /// The bytes of a line as it is written and as it is expanded; keepalived reads a quarter of that.
    static let longestLine = 4_096
    /// The bytes of all files together.
    static let mostBytes = 16 << 20
    /// After so many, reading ends: what includes itself over and over has a problem for each line.
    static let mostProblems = 1_000
    /// The most iterations of one sequence; several sequences on one line multiply.
    static let mostRounds = 100_000
    static let deepestExpansion = 64

    private(set) var lines: [Line] = []
    private(set) var problems: [ConfigurationProblem] = []
    /// The files in order of opening.
    private(set) var files: [String] = []
    /// Lines whose definitions leave the value to chance or to the machine.
    private(set) var undecidedLines: Set<SourceLocation> = []

    private let source: any ConfigurationFiles
    private let configID: String?
    private let mostLines: Int
    private var definitions: [String: Definition] = [:]
    /// The definition whose lines are being collected.
    private var collecting: String?
    private var openFiles: [String] = []
    private var steps = 0
    /// The bytes of the files that were opened.
    private var bytes = 0
    /// The number of bytes that were searched for definitions.
    private var scanned = 0
    /// For each line of the result there may be; lines of keepalived.conf are far shorter, and few are expanded twice.
    private static let mostScannedEach = 400
    private var isExhausted = false
    private var hasToldOfConditions = false

    private struct Definition {
        /// One, or those of a definition over several lines.
        var lines: [String]
        var isMultiline: Bool
    }

    /// Reads a file and all that it includes.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - configID: what `@id` lines are compared with; `nil` where it is not known.
    ///   - mostLines: how many lines there may be in the end.
    ///   - source: where files come from.
    /// - Throws: ``ConfigurationFileError`` where the file itself cannot be read.
    init(
        _ path: String,
        configID: String?,
        mostLines: Int,
        from source: any ConfigurationFiles
    ) throws(ConfigurationFileError) {
        self.source = source
        self.mostLines = mostLines
        self.configID = configID
        definitions["_HASH"] = Definition(lines: ["#"], isMultiline: false)
        definitions["_BANG"] = Definition(lines: ["!"], isMultiline: false)
        if let configID { definitions["_INSTANCE"] = Definition(lines: [configID], isMultiline: false) }
        read(try source.text(of: path), of: path)
    }

    // MARK: Files

    private mutating func read(_ text: String, of path: String) {
        files.append(path)
        openFiles.append(path)
        let folder = definitions["_PWD"]
        definitions["_PWD"] = Definition(lines: [Self.folder(of: path)], isMultiline: false)
        var number = 0
        bytes += text.utf8.count
        if bytes > Self.mostBytes { exhaust("the files have more than 16 MiB together", at: SourceLocation(path, 1)) }
        // Carriage returns at the ends of lines are white space here, as they are to keepalived.
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }) {
            number += 1
            if isExhausted { break }
            let location = SourceLocation(path, number)
            guard line.utf8.count <= Self.longestLine else {
                let message = "the line has more than \(Self.longestLine) bytes and is not read"
                problems.append(ConfigurationProblem(.syntax, location, message))
                continue
            }
            feed(decommented(line, at: location), at: location, depth: 0)
        }
        if let name = collecting {
            problems.append(
                ConfigurationProblem(.syntax, SourceLocation(path, number), "the definition of $\(name) does not end")
            )
            collecting = nil
        }
        definitions["_PWD"] = folder
        openFiles.removeLast()
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Whether the line includes files, which are read then.
    private mutating func include(_ text: String, at location: SourceLocation) -> Bool {
        let words = text.split(whereSeparator: \.isKeepalivedBlank)
        guard words.count == 2, let keyword = words.first, Self.includes.contains(String(keyword)) else { return false }
        var pattern = String(words[1])
        if pattern.count >= 2, pattern.hasPrefix("\""), pattern.hasSuffix("\"") {
            pattern = String(pattern.dropFirst().dropLast())
        }
        let folder = Self.folder(of: location.file)
        if !pattern.hasPrefix("/"), folder != "." { pattern = folder + (folder == "/" ? "" : "/") + pattern }
        let paths = source.paths(matching: pattern)
        if paths.isEmpty {
            let isPattern = pattern.contains { "*?[{".contains($0) }
            if !isPattern || keyword != "include" {
                problems.append(ConfigurationProblem(.include, location, "no file matches '\(pattern)'"))
            }
        }
        for path in paths { include(file: path, at: location) }
        return true
    }

    static let includes: Set = ["include", "includer", "includem", "includew", "includeb", "includea"]

    private mutating func include(file path: String, at location: SourceLocation) {
        if openFiles.contains(path) {
            problems.append(ConfigurationProblem(.include, location, "'\(path)' includes itself; not read again"))
        } else if openFiles.count >= Self.deepestInclude || files.count >= Self.mostFiles {
            exhaust("too many files are included", at: location)
        } else {
            do throws(ConfigurationFileError) {
                read(try source.text(of: path), of: path)
            } catch {
                problems.append(
                    ConfigurationProblem(.include, location, "'\(error.path)' cannot be read: \(error.reason)")
                )
            }
        }
    }

    private mutating func exhaust(_ reason: String, at location: SourceLocation) {
        guard !isExhausted else { return }
        isExhausted = true
        problems.append(ConfigurationProblem(.syntax, location, "\(reason); the rest is not read"))
    }

    // MARK: Comments

    /// The line without its comment, the escapes of comment signs, and blanks around it.
    ///
    /// A backslash at the end stays, as the last character.
    private mutating func decommented(_ line: Substring, at location: SourceLocation) -> String {
        var text = ""
        var isQuoted = false
        var isEscaped = false
        scan: for character in line {
            if isEscaped {
                isEscaped = false
                if isQuoted || (character != "#" && character != "!") { text.append("\\") }
                text.append(character)
                continue
            }
            switch character {
            case "\\": isEscaped = true
            case "\"":
                isQuoted.toggle()
                text.append(character)
            case "#" where !isQuoted, "!" where !isQuoted:
                noteMistaken(character, after: text, at: location)
                break scan
            default: text.append(character)
            }
        }
        if isQuoted { problems.append(ConfigurationProblem(.syntax, location, "a quotation mark is not closed")) }
        while text.last?.isKeepalivedBlank == true { text.removeLast() }
        if isEscaped { text.append("\\") }
        return String(text.drop(while: \.isKeepalivedBlank))
    }

    /// Tells of a comment that was hardly meant as one: `@!name`, and a password with such a sign in it.
    private mutating func noteMistaken(_ sign: Character, after text: String, at location: SourceLocation) {
        let text = text.drop(while: \.isKeepalivedBlank)
        if sign == "!", text == "@" {
            let message = "'!' begins a comment; a condition is denied with '@^'"
            problems.append(ConfigurationProblem(.syntax, location, message))
        } else if text.hasPrefix("auth_pass"), text.last?.isKeepalivedBlank == false {
            let message = "'\(sign)' begins a comment and cuts the password; quote it"
            problems.append(ConfigurationProblem(.cutPassword, location, message))
        }
    }

    // MARK: Expansion

    /// Takes a line: a part of a definition, or one to be expanded.
    private mutating func feed(_ text: String, at location: SourceLocation, depth: Int) {
        guard !isExhausted else { return }
        steps += 1
        if problems.count >= Self.mostProblems { return exhaust("there are too many problems", at: location) }
        if steps > mostLines * 4 { return exhaust("the definitions expand to too much", at: location) }
        guard let name = collecting else { return expand(text, at: location, depth: depth) }
        let continues = text.hasSuffix("\\")
        var line = continues ? String(text.dropLast()) : text
        while line.last?.isKeepalivedBlank == true { line.removeLast() }
        if !line.isEmpty { definitions[name]?.lines.append(line) }
        // A blank line within goes on: keepalived skips it as it reads.
        if !continues, !text.isEmpty { collecting = nil }
    }

    private mutating func expand(_ line: String, at location: SourceLocation, depth: Int) {
        var text = line
        guard depth < Self.deepestExpansion else {
            return exhaust("the definitions nest too deeply", at: location)
        }
        for _ in 0..<Self.mostSubstitutions {
            if text.isEmpty { return }
            if text.hasPrefix("@") {
                guard let rest = conditional(text, at: location) else { return }
                text = rest
                continue
            }
            if define(text, at: location) { return }
            if text.hasPrefix("~") { return repeated(text, at: location, depth: depth) }
            scanned += text.utf8.count
            guard scanned / Self.mostScannedEach <= mostLines else {
                return exhaust("the definitions expand to too much", at: location)
            }
            guard let use = use(in: text) else { return emit(text, at: location) }
            if use.isUndecided {
                noteUndecided(use.name, at: location)
                text.replaceSubrange(use.range, with: Self.placeholder)
                continue
            }
            guard let definition = definitions[use.name] else { return emit(text, at: location) }
            text.replaceSubrange(use.range, with: definition.lines.first ?? "")
            guard text.utf8.count <= Self.longestLine else {
                return exhaust("a line grows too long", at: location)
            }
            if definition.isMultiline {
                expand(text, at: location, depth: depth + 1)
                for line in definition.lines.dropFirst() { feed(line, at: location, depth: depth + 1) }
                return
            }
        }
        problems.append(ConfigurationProblem(.syntax, location, "the definitions on this line refer to one another"))
    }

    private mutating func emit(_ text: String, at location: SourceLocation) {
        guard lines.count < mostLines else { return exhaust("there are too many lines", at: location) }
        if include(text, at: location) { return }
        lines.append(Line(text: text, location: location))
    }

    /// The rest of a line behind its condition; `nil` where the condition does not hold.
    private mutating func conditional(_ text: String, at location: SourceLocation) -> String? {
        var rest = text.dropFirst()
        let isDenied = rest.hasPrefix("^")
        if isDenied { rest = rest.dropFirst() }
        let name = rest.prefix { !$0.isKeepalivedBlank }
        rest = rest.dropFirst(name.count).drop(while: \.isKeepalivedBlank)
        if configID == nil, !hasToldOfConditions {
            hasToldOfConditions = true
            let message =
                "lines that begin with '@' depend on the config-id, which is not known; FILE@ID reads FILE with it"
            problems.append(ConfigurationProblem(.unevaluated, location, message))
        }
        guard !rest.isEmpty, (configID.map { $0 == name } ?? false) != isDenied else { return nil }
        return String(rest)
    }

    /// Whether the line is a definition, which is noted then.
    private mutating func define(_ text: String, at location: SourceLocation) -> Bool {
        guard text.hasPrefix("$"), let equals = text.firstIndex(of: "=") else { return false }
        let name = String(text[text.index(after: text.startIndex)..<equals])
        guard Self.isName(name) else { return false }
        let value = text[text.index(after: equals)...].drop(while: \.isKeepalivedBlank)
        guard value.hasSuffix("\\") else {
            definitions[name] = Definition(lines: [String(value)], isMultiline: false)
            return true
        }
        var first = String(value.dropLast())
        while first.last?.isKeepalivedBlank == true { first.removeLast() }
        definitions[name] = Definition(lines: first.isEmpty ? [] : [first], isMultiline: true)
        collecting = name
        return true
    }

    private static func isName(_ name: some StringProtocol) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39 ~= first) else { return false }
        return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    private struct Use {
        var name: String
        var range: Range<String.Index>
        /// Its value depends on the machine, the moment or chance.
        var isUndecided: Bool
    }

    /// The first use of a definition in a line: `$NAME` before a blank, comma, parenthesis or the end, or `${NAME}`.
    private func use(in text: String) -> Use? {
        var from = text.startIndex
        while let dollar = text[from...].firstIndex(of: "$") {
            from = text.index(after: dollar)
            guard from < text.endIndex else { return nil }
            let isBraced = text[from] == "{"
            let start = isBraced ? text.index(after: from) : from
            let end =
                text[start...].firstIndex { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")) }
                ?? text.endIndex
            let name = String(text[start..<end])
            guard Self.isName(name) else { continue }
            if isBraced, let brace = text[end...].firstIndex(of: "}") {
                if Self.undecided.contains(name) {
                    return Use(name: name, range: dollar..<text.index(after: brace), isUndecided: true)
                }
                guard brace == end else { continue }
                let range = dollar..<text.index(after: brace)
                if isUsable(name, in: range, of: text) { return Use(name: name, range: range, isUndecided: false) }
            } else if !isBraced, end == text.endIndex || " \t,)".contains(text[end]) {
                let isUndecided = Self.undecided.contains(name)
                if isUndecided || isUsable(name, in: dollar..<end, of: text) {
                    return Use(name: name, range: dollar..<end, isUndecided: isUndecided)
                }
            }
        }
        return nil
    }

    /// A definition over several lines is put in at the end of a line only.
    private func isUsable(_ name: String, in range: Range<String.Index>, of text: String) -> Bool {
        guard let definition = definitions[name] else { return false }
        return !definition.isMultiline || range.upperBound == text.endIndex
    }

    private static let undecided: Set = ["_RANDOM", "_ENV"]
    /// A text in place of a value that is not known; it is no number and no address.
    private static let placeholder = "?"

    private mutating func noteUndecided(_ name: String, at location: SourceLocation) {
        guard undecidedLines.insert(location).inserted else { return }
        let message = "$\(name) is decided on the router; the line is not held against anything"
        problems.append(ConfigurationProblem(.unevaluated, location, message))
    }

    // MARK: Repetition

    /// A line with `~SEQ` or `~LST` before it, as often as that says.
    private mutating func repeated(_ text: String, at location: SourceLocation, depth: Int) {
        guard let close = text.firstIndex(of: ")"), let open = text.firstIndex(of: "("), open < close,
            let rounds = Self.rounds(text[..<open], text[text.index(after: open)..<close])
        else {
            problems.append(ConfigurationProblem(.syntax, location, "'~' is followed by neither SEQ(…) nor LST(…)"))
            return
        }
        let rest = String(text[text.index(after: close)...].drop(while: \.isKeepalivedBlank))
        for values in rounds {
            if isExhausted { return }
            for (name, value) in values { definitions[name] = Definition(lines: [value], isMultiline: false) }
            feed(rest, at: location, depth: depth + 1)
        }
    }

    /// The names and values of each round; `nil` where the specification is not understood.
    private static func rounds(_ keyword: Substring, _ arguments: Substring) -> [[(String, String)]]? {
        switch keyword {
        case "~SEQ": sequence(arguments, isHexadecimal: false)
        case "~SEQx": sequence(arguments, isHexadecimal: true)
        case "~LST": listed(arguments)
        default: nil
        }
    }

    private static func sequence(_ arguments: Substring, isHexadecimal: Bool) -> [[(String, String)]]? {
        let parts = arguments.split(separator: ",", omittingEmptySubsequences: false).map { trimmed($0) }
        let numbers = parts.dropFirst().compactMap { integer($0) }
        guard let name = parts.first, isName(name), (2...4).contains(parts.count), numbers.count == parts.count - 1,
            let end = numbers.last
        else { return nil }
        let start = numbers.count > 1 ? numbers[0] : (end > 0 ? 1 : -1)
        let step = numbers.count == 3 ? numbers[1] : (end >= start ? 1 : -1)
        guard step != 0, step.magnitude < 1 << 32, start.magnitude < 1 << 32, end.magnitude < 1 << 32 else {
            return nil
        }
        return stride(from: start, through: end, by: step).prefix(mostRounds).map { value in
            [(name, isHexadecimal ? String(UInt64(bitPattern: Int64(value)), radix: 16) : String(value))]
        }
    }

    private static func integer(_ text: String) -> Int? {
        let isNegative = text.hasPrefix("-")
        let digits = isNegative ? text.dropFirst() : text[...]
        let value = digits.hasPrefix("0x") ? Int(digits.dropFirst(2), radix: 16) : Int(digits)
        return value.map { isNegative ? -$0 : $0 }
    }

    /// `var, a, b` or `{v, w}, {a, b}, {c, d}`.
    private static func listed(_ arguments: Substring) -> [[(String, String)]]? {
        let groups = groups(of: arguments)
        guard let names = groups.first, groups.count > 1, names.allSatisfy({ isName($0) }),
            groups.allSatisfy({ $0.count == names.count })
        else { return nil }
        return groups.dropFirst().map { Array(zip(names, $0)) }
    }

    /// The parts that commas outside braces divide; within braces commas divide a group.
    private static func groups(of arguments: Substring) -> [[String]] {
        var groups: [[String]] = []
        var rest = arguments.drop(while: \.isKeepalivedBlank)
        while !rest.isEmpty {
            if rest.hasPrefix("{"), let end = rest.firstIndex(of: "}") {
                let inside = rest[rest.index(after: rest.startIndex)..<end]
                groups.append(inside.split(separator: ",", omittingEmptySubsequences: false).map { trimmed($0) })
                rest = rest[rest.index(after: end)...].drop { $0.isKeepalivedBlank || $0 == "," }
            } else {
                let value = rest.prefix { $0 != "," }
                groups.append([trimmed(value)])
                rest = rest.dropFirst(value.count + 1).drop(while: \.isKeepalivedBlank)
            }
        }
        return groups
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop(while: \.isKeepalivedBlank)
        while text.last?.isKeepalivedBlank == true { text.removeLast() }
        return String(text)
    }
}

extension Character {
    /// White space as keepalived's parser sees it; a line's end may leave a carriage return.
    var isKeepalivedBlank: Bool { self == " " || self == "\t" || self == "\r" || self == "\r\n" }
}
