import Foundation
import Testing

/// Checks that names in the code quotes of pages exist: files, types, members and functions with their labels.
@Suite struct NameTests {
    private static let pages = [
        "README.md", "Fixtures/README.md", "Schemas/README.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md",
        "Sources/vrrpwatch/Documentation.docc/Architecture.md", "Sources/vrrpwatch/Documentation.docc/Decisions.md",
        "Sources/vrrpwatch/Documentation.docc/Performance.md", "Sources/vrrpwatch/Documentation.docc/Scenarios.md",
        "Sources/VRRPFindings/Documentation.docc/Findings.md",
    ]
    /// Names of other people's code.
    private static let foreign: Set<String> = [
        "JSONEncoder", "UnsafeRawBufferPointer", "Span", "Lifetimes", "Unreleased", "Heap", "Mutex",
    ]

    /// The declarations of the project's Swift code, by what is needed to find a name in a page.
    private struct Declarations {
        /// Every type that is declared or extended, with the texts of the files that do so.
        var texts: [String: [String]] = [:]
        /// Every function's name with its labels, as in `handle(_:_:)`.
        var functions: Set<String> = []
        /// The ends of the paths of all files, `Tracker.swift` and `VRRPTracker/Tracker.swift` among them.
        var paths: Set<String> = []

        init() throws {
            for file in try ProjectFiles.files() {
                let parts = file.split(separator: "/")
                for start in parts.indices {
                    let path = parts[start...].joined(separator: "/")
                    paths.insert(path)
                    // A page names a folder with a slash behind it.
                    for end in start..<parts.count - 1 { paths.insert(parts[start...end].joined(separator: "/") + "/") }
                }
                guard file.hasSuffix(".swift"), file.hasPrefix("Sources") || file.hasPrefix("Tests") else { continue }
                let lines = try ProjectFiles.code(of: file)
                let text = lines.joined(separator: "\n")
                for line in lines where Self.typeWords.contains(where: line.contains) {
                    guard
                        let match = line.firstMatch(
                            of: /\b(?:struct|class|enum|protocol|actor|extension|typealias) ([\w.]+)/
                        )
                    else { continue }
                    for name in match.1.split(separator: ".") { texts[String(name), default: []].append(text) }
                }
                functions.formUnion(Self.functions(in: lines))
            }
        }

        private static let typeWords = [
            "struct ", "class ", "enum ", "protocol ", "actor ", "extension ", "typealias ",
        ]
        private static let memberWords = ["func ", "var ", "let ", "case ", "struct ", "enum "]

        /// The functions and initializers that lines declare, with their labels.
        static func functions(in lines: [Substring]) -> Set<String> {
            var found: Set<String> = []
            for (index, line) in lines.enumerated() where line.contains("func ") || line.contains("init") {
                guard let match = line.firstMatch(of: /\b(?:func (\w+)|init\??)(?:<[^(]*>)?\(/) else { continue }
                // The longest list of parameters has fewer lines than this.
                let rest =
                    line[match.range.upperBound...] + "\n" + lines[(index + 1)...].prefix(20).joined(separator: "\n")
                let name = match.1.map(String.init) ?? "init"
                found.insert("\(name)(\(labels(in: rest)))")
            }
            return found
        }

        /// The labels of parameters up to the closing parenthesis, each with a colon.
        private static func labels(in text: Substring) -> String {
            var depth = 1
            var parameters = [""]
            for character in text {
                if "([<{".contains(character) { depth += 1 }
                if ")]>}".contains(character) { depth -= 1 }
                if depth == 0 { break }
                if character == ",", depth == 1 {
                    parameters.append("")
                } else {
                    parameters[parameters.count - 1].append(character)
                }
            }
            let labels = parameters.compactMap { $0.split(whereSeparator: \.isWhitespace).first }
            return labels.map { $0.hasSuffix(":") ? String($0) : "\($0):" }.joined()
        }

        /// Whether one of the files that declare or extend a type declares a member of that name.
        func declares(_ member: Substring, of type: Substring) -> Bool {
            guard let texts = texts[String(type)] else { return false }
            return member == "init"
                || texts.contains { text in
                    text.split(separator: "\n").contains { line in
                        line.contains(member) && Self.memberWords.contains(where: line.contains)
                            && line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains(member)
                    }
                }
        }
    }

    @Test("every file, type, member and function that a page names exists")
    func everyNameIsThere() throws {
        let declared = try Declarations()
        var names = 0
        for page in Self.pages {
            guard let text = try ProjectFiles.text(of: page) else { continue }
            for match in text.matches(of: /`([^`\n]+)`/) {
                guard let isThere = Self.isThere(match.1, declared) else { continue }
                names += 1
                if !isThere { Issue.record("\(page) names \(match.1), which is not there") }
            }
        }
        #expect(names > 100)
    }

    /// Whether what a page names exists; `nil` for what is no name of this project's code.
    private static func isThere(_ name: Substring, _ declared: Declarations) -> Bool? {
        if name.wholeMatch(of: /[\w.+\/-]+\.(?:swift|md|txt|json|py|yml)/) != nil {
            return declared.paths.contains(String(name))
        }
        if name.wholeMatch(of: /[A-Z][\w\/]*\//) != nil { return declared.paths.contains(String(name)) }
        if let match = name.wholeMatch(of: /(?:([A-Z]\w+)\.)?([a-z]\w*\((?:\w+:)*\))/) {
            let isMember = match.1.map { declared.declares(match.2.prefix { $0 != "(" }, of: $0) } ?? true
            return declared.functions.contains(String(match.2)) && isMember
        }
        if let match = name.wholeMatch(of: /([A-Z]\w+)\.([a-z]\w*)/) { return declared.declares(match.2, of: match.1) }
        guard name.wholeMatch(of: /[A-Z][a-z]+[A-Z]\w*|[A-Z][a-z]+/) != nil else { return nil }
        let isKnown = declared.texts[String(name)] != nil || declared.paths.contains("\(name)/")
        return isKnown || foreign.contains(String(name))
    }

    @Test func labelsAreRead() {
        let text = """
            func hear(_ bytes: Span<UInt8>, linkType: LinkType, _ body: (Int, Int) -> Void)
            init()
            package func a<T>(
                b c: [T: T]
            )
            """
        let functions = Declarations.functions(in: text.split(separator: "\n"))
        #expect(functions == ["hear(_:linkType:_:)", "init()", "a(b:)"])
    }

    /// The words that scenarios may use are those of the reader's code; each must be in the manual.
    @Test("the manual of scenarios has every word of the language")
    func theManualIsWhole() throws {
        let manual = try #require(try ProjectFiles.text(of: "Sources/vrrpwatch/Documentation.docc/Scenarios.md"))
        let known = Set(manual.matches(of: /`([^`\n]+)`/).flatMap { $0.1.split { " .,|".contains($0) } })
        let folder = "Tests/VRRPTestSupport/Scenarios"
        var words: Set<Substring> = []
        for file in ["\(folder)/Scenario.swift", "\(folder)/Speaker.swift"] {
            for line in try ProjectFiles.code(of: file) {
                words.formUnion(line.matches(of: /take\("([a-z]+)"\)/).map(\.1))
                guard line.contains("case \""), let colon = line.firstIndex(of: ":") else { continue }
                words.formUnion(line[..<colon].matches(of: /"([a-z0-9-]+)"/).map(\.1))
            }
        }
        for line in try ProjectFiles.code(of: "\(folder)/Query.swift") where line.contains(/^    case \w+(, \w+)+$/) {
            words.formUnion(line.split { !$0.isLetter }.dropFirst())
        }
        #expect(words.count > 50)
        for word in words.subtracting(known).sorted() { Issue.record("the manual does not explain '\(word)'") }
    }
}
