internal import FoundationEssentials

/// A value of JSON whose shape is not known beforehand.
enum JSONNode: Decodable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSONNode])
    case object([String: JSONNode])

    /// Reads a text; `nil` where it is no JSON.
    init?(_ text: String?) {
        guard let text, let node = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else { return nil }
        self = node
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([JSONNode].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: JSONNode].self))
        }
    }

    /// A member of an object; `nil` where there is none.
    subscript(_ name: String) -> JSONNode? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }

    /// The elements of a list; none of anything else.
    var elements: [JSONNode] { if case .list(let list) = self { list } else { [] } }

    /// A count that is not negative.
    var count: UInt64? { if case .number(let number) = self { UInt64(exactly: number.rounded()) } else { nil } }
}
