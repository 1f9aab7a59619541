internal import VRRPWire

/// The meaning of a daemon's message.
struct Message {
    var kind: Statement.Kind
    var isInitial = false
    var instance: String?
    var vrid: UInt8?
    var family: AddressFamily?

    /// The longest name of an instance that is kept, in bytes.
    private static let longestName = 128
    private static let instanceMark = Array("VRRP_Instance(".utf8)
    private static let virtualRouterMark = Array("[VRID ".utf8)
    private static let numberMarks = ["vrid ", "VRRP ID "].map { Array($0.utf8) }
    private static let familyMarks: [([UInt8], AddressFamily)] = [
        (Array("[IPv4]".utf8), .ipv4), (Array("[IPv6]".utf8), .ipv6),
    ]

    init(kind: Statement.Kind) { self.kind = kind }

    /// `nil` for a message that says nothing of interest.
    init?(_ message: ArraySlice<UInt8>) {
        guard let phrase = Phrase.all.first(where: { message.contains(bytes: $0.words) }) else { return nil }
        kind = phrase.kind
        isInitial = kind == .backup && message.contains(bytes: Phrase.initial)
        if let mark = message.place(of: Self.instanceMark) {
            instance = Self.name(message[(mark + Self.instanceMark.count)...])
        } else if message.first == UInt8(ascii: "(") {
            instance = Self.name(message.dropFirst())
        }
        if let mark = message.place(of: Self.virtualRouterMark) {
            vrid = Self.vrid(message[(mark + Self.virtualRouterMark.count)...])
            family = Self.familyMarks.first { message.contains(bytes: $0.0) }?.1
        } else if instance == nil, let mark = Self.numberMarks.first(where: message.starts) {
            vrid = Self.vrid(message.dropFirst(mark.count))
        }
    }

    /// The name up to the closing parenthesis.
    private static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        guard let end = bytes.prefix(longestName + 1).firstIndex(of: UInt8(ascii: ")")), end > bytes.startIndex else {
            return nil
        }
        return String(decoding: bytes[..<end], as: UTF8.self)
    }

    private static func vrid(_ bytes: ArraySlice<UInt8>) -> UInt8? {
        var cursor = ByteCursor(bytes)
        return cursor.number(1...3).flatMap { UInt8(exactly: $0) }
    }
}
