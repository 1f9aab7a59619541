/// A key that the full-screen view knows.
package enum ScreenKey: Hashable, Sendable {
    case up, down, pageUp, pageDown, enter, back, pause, help, redraw, quit
    /// Sorts the list in the next order.
    case sort
    /// Shows more of the latest events, and none after all of them.
    case log
    /// Leaves the mouse to the terminal, or takes it.
    case mouse
    /// A press of the first button on a line of the screen, the first line being 0.
    case click(line: Int)
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
                if parameters.first == UInt8(ascii: "<") {
                    keys += mouse(parameters.dropFirst(), isPress: final == UInt8(ascii: "M"))
                    continue
                }
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
            case UInt8(ascii: "s"): keys.append(.sort)
            case UInt8(ascii: "l"): keys.append(.log)
            case UInt8(ascii: "m"): keys.append(.mouse)
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

    /// The keys for what a mouse did, as xterm tells it in mode 1006 (XTerm Control Sequences, "SGR (1006)"): button,
    /// column and line, in decimal.
    private static func mouse(_ parameters: ArraySlice<UInt8>, isPress: Bool) -> [Self] {
        let numbers = parameters.split(separator: UInt8(ascii: ";")).map { Int(String(decoding: $0, as: UTF8.self)) }
        guard isPress, numbers.count == 3, let button = numbers[0], let line = numbers[2] else { return [] }
        switch button {
        case 0 where line > 0: return [.click(line: line - 1)]
        case 64: return [.up, .up, .up]
        case 65: return [.down, .down, .down]
        default: return []
        }
    }
}

/// The part of the screen that the person is looking at.
package struct ScreenControl: Hashable, Sendable {
    package enum View: Hashable, Sendable {
        case list, details, help, log
    }

    /// The order of the list; its name completes "sorted by".
    package enum Order: String, CaseIterable, Sendable {
        case trouble, address
        case vrid = "VRID"
        case latestChange = "latest change"
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
    package private(set) var order = Order.trouble
    /// Whether the latest events are shown below the list.
    package private(set) var showsLog = false
    /// Whether the terminal sends what the mouse does.
    package private(set) var takesMouse = true

    /// The number of letters that a filter has at most.
    private static let mostLetters = 60

    package init() {}

    /// Takes a key.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - order: the virtual routers as they are listed.
    ///   - troubled: those in trouble.
    ///   - page: the number of them that fit.
    /// - Returns: whether the watch goes on.
    package mutating func press(_ key: ScreenKey, order: [Int], troubled: Set<Int> = [], page: Int) -> Bool {
        if isTyping, take(typed: key) { return true }
        switch key {
        case .next:
            guard view == .list else { break }
            let current = selected.flatMap { order.firstIndex(of: $0) } ?? -1
            let later = order.dropFirst(current + 1).first(where: troubled.contains)
            selected = later ?? order.first(where: troubled.contains) ?? selected
        case .sort:
            let orders = Order.allCases
            self.order = orders[((orders.firstIndex(of: self.order) ?? 0) + 1) % orders.count]
        case .log: pressLog()
        case .mouse: takesMouse.toggle()
        case .click(let line): click(line - Screen.head, order, page)
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

    /// Takes the key of the log: a part of the screen, the whole of it, none.
    private mutating func pressLog() {
        scroll = 0
        switch view {
        case .list where !showsLog: showsLog = true
        case .log:
            view = .list
            showsLog = false
        case .list, .details, .help: view = .log
        }
    }

    /// Selects the virtual router on a row of the list; shows its details if it was selected.
    private mutating func click(_ row: Int, _ order: [Int], _ page: Int) {
        let index = firstListed(order, page) + row
        guard view == .list, (0..<page).contains(row), order.indices.contains(index) else { return }
        if selected == order[index] {
            view = .details
            scroll = 0
        } else {
            selected = order[index]
        }
    }

    /// The index of the first virtual router that is shown, so that the selected one is in the middle where it can be.
    func firstListed(_ order: [Int], _ page: Int) -> Int {
        let selected = selected.flatMap { order.firstIndex(of: $0) } ?? 0
        return max(0, min(selected - page / 2, order.count - page))
    }

    private mutating func move(by step: Int, _ order: [Int]) {
        switch view {
        case .help: break
        case .details: scroll = max(0, scroll + step)
        case .log: scroll = max(0, scroll - step)
        case .list:
            guard !order.isEmpty else { return }
            let current = selected.flatMap { order.firstIndex(of: $0) } ?? 0
            selected = order[min(max(0, current + step), order.count - 1)]
        }
    }
}
