/// A key that the full-screen view knows.
package enum ScreenKey: Hashable, Sendable {
    case up, down, pageUp, pageDown, enter, back, pause, help, redraw, quit
    /// Goes to the next virtual router in trouble.
    case next
    /// Begins the text of a filter.
    case filter
    /// A letter of that text.
    case letter(Character)
    case erase

    /// The keys in what a terminal sent, others left out.
    ///
    /// - Parameters:
    ///   - bytes: the bytes that came.
    ///   - isTyping: whether letters are those of a text that is being typed.
    /// - Returns: the keys in their order.
    package static func keys(in bytes: [UInt8], isTyping: Bool = false) -> [Self] {
        var keys: [Self] = []
        var isTyping = isTyping
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x1b:
                let sequence = rest.first == UInt8(ascii: "[") || rest.first == UInt8(ascii: "O")
                guard sequence else {
                    keys.append(.back)
                    continue
                }
                rest = rest.dropFirst()
                let end = rest.firstIndex { (0x40...0x7e).contains($0) } ?? rest.endIndex
                let parameters = rest[..<end]
                let final = end < rest.endIndex ? rest[end] : 0
                rest = rest[min(end + 1, rest.endIndex)...]
                switch (final, parameters.first) {
                case (UInt8(ascii: "A"), _): keys.append(.up)
                case (UInt8(ascii: "B"), _): keys.append(.down)
                case (UInt8(ascii: "~"), UInt8(ascii: "5")): keys.append(.pageUp)
                case (UInt8(ascii: "~"), UInt8(ascii: "6")): keys.append(.pageDown)
                default: break
                }
            case 0x20...0x7e where isTyping: keys.append(.letter(Character(UnicodeScalar(byte))))
            case 0x7f where isTyping, 0x08 where isTyping: keys.append(.erase)
            case UInt8(ascii: "/"):
                keys.append(.filter)
                isTyping = true
            case UInt8(ascii: "n"): keys.append(.next)
            case UInt8(ascii: "k"): keys.append(.up)
            case UInt8(ascii: "j"): keys.append(.down)
            case 0x0a, 0x0d:
                keys.append(.enter)
                isTyping = false
            case 0x7f, 0x08: keys.append(.back)
            case UInt8(ascii: "p"), UInt8(ascii: " "): keys.append(.pause)
            case UInt8(ascii: "h"), UInt8(ascii: "?"): keys.append(.help)
            case UInt8(ascii: "q"): keys.append(.quit)
            case 0x0c: keys.append(.redraw)
            default: break
            }
        }
        return keys
    }
}

/// The part of the screen that the person is looking at.
package struct ScreenControl: Hashable, Sendable {
    package enum View: Hashable, Sendable {
        case list, details, help
    }

    package private(set) var view = View.list
    package private(set) var isPaused = false
    /// The virtual router that is selected, by its position in the observation; `nil` for the first in the list.
    package private(set) var selected: Int?
    package private(set) var scroll = 0
    /// The text that rows must match; `nil` for all rows.
    package private(set) var filter: String?
    /// Whether that text is being typed.
    package private(set) var isTyping = false

    /// The number of letters that a filter has at most.
    private static let mostLetters = 60

    package init() {}

    /// Takes a key.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - order: the virtual routers as they are listed.
    ///   - troubled: the number of those in trouble, which come first.
    ///   - page: the number of them that fit.
    /// - Returns: whether the watch goes on.
    package mutating func press(_ key: ScreenKey, order: [Int], troubled: Int = 0, page: Int) -> Bool {
        if isTyping, take(typed: key) { return true }
        switch key {
        case .next:
            guard view == .list, troubled > 0 else { break }
            let current = selected.flatMap { order.firstIndex(of: $0) } ?? -1
            selected = order[current + 1 < troubled ? current + 1 : 0]
        case .filter:
            view = .list
            filter = ""
            isTyping = true
        case .letter, .erase: break
        case .quit: return false
        case .pause: isPaused.toggle()
        case .help: view = view == .help ? .list : .help
        case .back where view == .list: filter = nil
        case .back: view = .list
        case .enter:
            guard view == .list, !order.isEmpty else { break }
            selected = selected ?? order.first
            view = .details
            scroll = 0
        case .up: move(by: -1, order)
        case .down: move(by: 1, order)
        case .pageUp: move(by: -page, order)
        case .pageDown: move(by: page, order)
        case .redraw: break
        }
        return true
    }

    /// Takes a key of a text that is being typed; returns whether it belongs to that.
    private mutating func take(typed key: ScreenKey) -> Bool {
        switch key {
        case .letter(let letter):
            guard let text = filter, text.count < Self.mostLetters else { break }
            filter = text + String(letter)
        case .erase: filter = filter.map { String($0.dropLast()) }
        case .enter:
            isTyping = false
            if filter?.isEmpty == true { filter = nil }
        case .back:
            isTyping = false
            filter = nil
        default: return false
        }
        return true
    }

    private mutating func move(by step: Int, _ order: [Int]) {
        switch view {
        case .help: break
        case .details: scroll = max(0, scroll + step)
        case .list:
            guard !order.isEmpty else { return }
            let current = selected.flatMap { order.firstIndex(of: $0) } ?? 0
            selected = order[min(max(0, current + step), order.count - 1)]
        }
    }
}
