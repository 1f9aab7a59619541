/// The names that a network's people give to its segments, by the sensors that see them.
///
///     # Comments take whole lines or the end of one.
///     site-a/eth0/vlan10 = "berlin-dmz"
///     site-a/eth1        = "berlin-lan"
///     site-b/*/untagged  = "paris-lan"
///
/// A line says of a sensor, an interface of it and a segment there, as reports call that one, which segment of the network it
/// is. Without the third part, frames without a tag are meant; `*` stands for each interface that no other line names.
package struct GivenSegments: Hashable, Sendable {
    /// The most bytes of a file of them.
    package static let mostBytes = 1 << 20
    /// The most characters of a segment's name.
    private static let longestName = 255

    /// The reason why a file cannot be used.
    package struct ParseError: Error, Hashable, CustomStringConvertible {
        package var file: String
        /// The line number, from 1; `nil` where the file as a whole is meant.
        package var line: Int?
        package var reason: String

        package var description: String { file + (line.map { ":\($0)" } ?? "") + ": " + reason }
    }

    /// The segment that a sensor sees, as the sensor tells it apart.
    struct Sight: Hashable, Sendable {
        var sensor: String
        /// `nil` for each interface that is not named itself.
        var interface: String?
        /// Such as `untagged`, `vlan10` or `vxlan:5001/vlan10`.
        var segment: String
    }

    private var names: [Sight: String] = [:]
    private var sensors: Set<String> = []

    /// No names, so that each sensor's segments are its own.
    package init() {}

    /// Reads the names of a file.
    ///
    /// - Parameters:
    ///   - text: all that it holds.
    ///   - name: the name of the file in errors.
    /// - Throws: ``ParseError`` with the first line that means nothing, or that says of a segment what another line says
    ///   otherwise.
    package init(parsing text: String, name: String) throws(ParseError) {
        var lines: [Sight: Int] = [:]
        let mark: Character = "\u{feff}"
        let body = text.first == mark ? text.dropFirst() : text[...]
        for (index, line) in body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            do throws(Fault) {
                guard let (sight, segment) = try Self.entry(in: line) else { continue }
                if let known = names[sight], known != segment, let first = lines[sight] {
                    throw Fault(reason: "line \(first) calls this segment \"\(known)\"; leave one of the two lines out")
                }
                names[sight] = segment
                lines[sight] = index + 1
                sensors.insert(sight.sensor)
            } catch {
                throw ParseError(file: name, line: index + 1, reason: error.reason)
            }
        }
    }

    /// The lines that say the same, in order.
    package var lines: [String] {
        names.map { sight, name in "\(sight.sensor)/\(sight.interface ?? "*")/\(sight.segment) = \"\(name)\"" }.sorted()
    }

    /// Whether a line names a sensor.
    package func names(sensor: String) -> Bool { sensors.contains(sensor) }

    /// The name of what a sensor sees; `nil` where no line gives one.
    func name(sensor: String, interface: String, segment: String) -> String? {
        names[Sight(sensor: sensor, interface: interface, segment: segment)]
            ?? names[Sight(sensor: sensor, interface: nil, segment: segment)]
    }

    /// Whether something that a sensor sees on an interface has a name.
    func leads(sensor: String, interface: String, to name: String) -> Bool {
        names.contains { sight, segment in
            segment == name && sight.sensor == sensor && (sight.interface ?? interface) == interface
        }
    }

    // MARK: Reading

    private struct Fault: Error {
        var reason: String
    }

    private static let example = "write for example site-a/eth0/vlan10 = \"berlin-dmz\""

    /// The entry of a line; `nil` for a comment or nothing.
    private static func entry(in line: Substring) throws(Fault) -> (Sight, String)? {
        let text = line.trimmed
        guard let first = text.first, first != "#" else { return nil }
        guard let sign = text.firstIndex(of: "=") else { throw Fault(reason: "there is no = in this line; \(example)") }
        let sight = try sight(in: text[..<sign].trimmed)
        return (sight, try name(in: text[text.index(after: sign)...].trimmed))
    }

    private static func sight(in text: Substring) throws(Fault) -> Sight {
        let parts = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, !parts.contains(where: { $0.isEmpty || $0.contains(where: \.isWhitespace) }) else {
            throw Fault(reason: "'\(text)' names no sensor and interface; \(example)")
        }
        let segment = parts.count == 3 ? parts[2] : "untagged"
        guard isSegment(segment) else {
            throw Fault(
                reason: "'\(segment)' is no segment of an interface; "
                    + "write untagged, vlan10, vlan10.20, or a tunnel before one of them, such as vxlan:5001/untagged"
            )
        }
        return Sight(
            sensor: String(parts[0]),
            interface: parts[1] == "*" ? nil : String(parts[1]),
            segment: String(segment)
        )
    }

    /// Whether a text is what ``Segment/name`` may be.
    private static func isSegment(_ text: Substring) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let tags = parts.last, parts.count <= 2, !parts[0].isEmpty else { return false }
        if tags == "untagged" { return true }
        guard tags.hasPrefix("vlan") else { return false }
        return tags.dropFirst(4).split(separator: ".", omittingEmptySubsequences: false).allSatisfy { tag in
            guard let number = UInt16(tag), String(number) == tag else { return false }
            return (1...4094).contains(number)
        }
    }

    /// The name in quotation marks, behind which there may be a comment.
    private static func name(in text: Substring) throws(Fault) -> String {
        guard text.first == "\"", let end = text.dropFirst().firstIndex(of: "\"") else {
            throw Fault(reason: "the name of the segment is not in quotation marks; \(example)")
        }
        let rest = text[text.index(after: end)...].trimmed
        guard rest.isEmpty || rest.first == "#" else {
            throw Fault(reason: "'\(rest)' stands behind the name; begin a comment with #")
        }
        let name = text[text.index(after: text.startIndex)..<end]
        guard (1...longestName).contains(name.utf8.count), name.utf8.allSatisfy(isPartOfName) else {
            throw Fault(
                reason: "'\(name)' is no name of a segment; use letters, digits, '.', '_' and '-'"
            )
        }
        return String(name)
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 45, 46, 48...57, 65...90, 95, 97...122: true
        default: false
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = drop(while: \.isWhitespace)
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return rest
    }
}
