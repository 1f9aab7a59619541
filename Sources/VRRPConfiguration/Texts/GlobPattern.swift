/// A pattern of glob(7) for one component of a path.
package struct GlobPattern: Sendable {
    private enum Element: Hashable {
        case literal(Character)
        case anyOne
        case anyRun
        /// One of these characters, or any character but these.
        case oneOf([ClosedRange<Character>], isDenied: Bool)
    }

    private let elements: [Element]
    /// Whether a name must begin with a dot for this to match it: wildcards do not match hidden files.
    private let beginsWithDot: Bool

    package init(_ text: some StringProtocol) {
        var elements: [Element] = []
        var rest = Substring(text)
        beginsWithDot = rest.hasPrefix(".")
        while let character = rest.popFirst() {
            switch character {
            case "*": if elements.last != .anyRun { elements.append(.anyRun) }
            case "?": elements.append(.anyOne)
            case "[":
                if let set = Self.set(&rest) { elements.append(set) } else { elements.append(.literal("[")) }
            case "\\": elements.append(.literal(rest.popFirst() ?? "\\"))
            default: elements.append(.literal(character))
            }
        }
        self.elements = elements
    }

    package static func isPattern(_ text: some StringProtocol) -> Bool { text.contains { "*?[".contains($0) } }

    private static func set(_ rest: inout Substring) -> Element? {
        var inside = rest
        let isDenied = inside.first == "!" || inside.first == "^"
        if isDenied { inside.removeFirst() }
        var ranges: [ClosedRange<Character>] = []
        while let character = inside.popFirst() {
            if character == "]", !ranges.isEmpty {
                rest = inside
                return .oneOf(ranges, isDenied: isDenied)
            }
            if inside.first == "-", let end = inside.dropFirst().first, end != "]", character <= end {
                ranges.append(character...end)
                inside = inside.dropFirst(2)
            } else {
                ranges.append(character...character)
            }
        }
        return nil
    }

    package func matches(_ name: String) -> Bool {
        guard !name.hasPrefix(".") || beginsWithDot else { return false }
        let characters = Array(name)
        // The beginning of a run, to try again with one more character in it.
        var (element, position) = (0, 0)
        var retry: (element: Int, position: Int)?
        while position < characters.count {
            if element < elements.count, elements[element] == .anyRun {
                retry = (element, position)
                element += 1
            } else if element < elements.count, Self.fits(elements[element], characters[position]) {
                element += 1
                position += 1
            } else if let (run, start) = retry {
                retry = (run, start + 1)
                (element, position) = (run + 1, start + 1)
            } else {
                return false
            }
        }
        return elements[element...].allSatisfy { $0 == .anyRun }
    }

    private static func fits(_ element: Element, _ character: Character) -> Bool {
        switch element {
        case .literal(let literal): literal == character
        case .anyOne: true
        case .anyRun: false
        case .oneOf(let ranges, let isDenied): ranges.contains { $0.contains(character) } != isDenied
        }
    }

    /// The alternatives that csh's braces stand for, `a{b,c}` being `ab` and `ac`; at most ``mostAlternatives``.
    package static func alternatives(_ text: String) -> [String] {
        var finished: [String] = []
        var pending = [text]
        while let next = pending.popLast(), finished.count + pending.count < mostAlternatives {
            guard let braces = braces(in: next) else {
                finished.append(next)
                continue
            }
            pending += braces.reversed()
        }
        return finished
    }

    package static let mostAlternatives = 1_000

    /// The text with its first pair of braces replaced by each alternative; `nil` without any.
    private static func braces(in text: String) -> [String]? {
        guard let open = text.firstIndex(of: "{") else { return nil }
        var depth = 0
        var parts: [Substring] = []
        var start = text.index(after: open)
        var index = open
        while index < text.endIndex {
            switch text[index] {
            case "{": depth += 1
            case "}": depth -= 1
            default: break
            }
            let ends = depth == 0
            if ends || (depth == 1 && text[index] == ",") {
                parts.append(text[start..<index])
                start = text.index(after: index)
            }
            if ends { return parts.map { text[..<open] + $0 + text[start...] }.map { String($0) } }
            index = text.index(after: index)
        }
        return nil
    }
}
