package import VRRPFacts
internal import VRRPWire

/// A file that frames of an extract are from, as a comment of the extract's section header names it:
/// `vrrpwatch: file 1: r1.pcap`.
package struct OriginFile: Hashable, Sendable {
    /// The most files that an extract names, and the most bytes of all their names.
    package static let most = 65_536
    package static let mostBytes = 8 << 20
    /// The most bytes of a name, those of the longest path of Linux.
    package static let longestName = 4096

    /// The file's number in the extract, from 1.
    package var number: Int
    /// The name as it may be shown: without controls.
    package var name: String

    package init(number: Int, name: String) {
        self.number = number
        self.name = Self.harmless(name)
    }

    /// The file that a comment names; `nil` for comments of any other kind.
    package init?(comment: String) {
        let words = comment.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 4, words[0] == "vrrpwatch:", words[1] == "file", words[2].last == ":",
            let number = Int(words[2].dropLast()), (1...Self.most).contains(number), !words[3].isEmpty
        else { return nil }
        self.init(number: number, name: String(words[3]))
    }

    /// The comment that ``init(comment:)`` reads.
    package var comment: String { "vrrpwatch: file \(number): \(name)" }

    /// A text with a sign for each control in it, cut where it is too long.
    private static func harmless(_ text: String) -> String {
        var (harmless, length) = (String.UnicodeScalarView(), 0)
        for scalar in text.unicodeScalars {
            let isHarmless = scalar.value >= 0x20 && !scalar.isUnsafeInOutput
            let shown: Unicode.Scalar = isHarmless ? scalar : "\u{fffd}"
            length += UTF8.width(shown)
            if length > longestName { break }
            harmless.append(shown)
        }
        return String(harmless)
    }
}

/// The part of a sensor's stream that a file of an extract is, as a comment of the section header states it:
/// `vrrpwatch: file 1 has packets 118 to 250 of sensor berlin-1, boot 9f86d081884c7d65`.
package struct OriginStream: Hashable, Sendable {
    /// The file's number in the extract, from 1.
    package var number: Int
    package var extent: SensorExtent

    package init(number: Int, extent: SensorExtent) {
        self.number = number
        self.extent = extent
    }

    /// The part that a comment states; `nil` for comments of any other kind.
    init?(comment: String) {
        let words = comment.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 13, words[0] == "vrrpwatch:", words[1] == "file", words[3] == "has", words[4] == "packets",
            words[6] == "to", words[8] == "of", words[9] == "sensor", words[10].last == ",", words[11] == "boot",
            let number = Int(words[2]), let start = UInt64(words[5]), let end = UInt64(words[7]), start <= end,
            end <= SensorPosition.most, let sensor = Sensor(name: words[10].dropLast(), boot: words[12])
        else { return nil }
        self.init(number: number, extent: SensorExtent(name: sensor.name, boot: sensor.boot, packets: start..<end))
    }

    /// The comment that ``init(comment:)`` reads.
    package var comment: String {
        "vrrpwatch: file \(number) has packets \(extent.packets.lowerBound) to \(extent.packets.upperBound) of sensor "
            + "\(extent.name), boot \(extent.boot)"
    }
}

/// The segments that an extract tells apart, a comment of the section header for each line:
/// `vrrpwatch: segments: site-a/eth0/vlan10 = "berlin-dmz"`.
package enum SegmentRemark {
    private static let beginning = "vrrpwatch: segments:"

    /// The line in a comment; `nil` for comments of any other kind.
    static func line(in comment: String) -> String? {
        guard comment.hasPrefix(beginning) else { return nil }
        let rest = comment.dropFirst(beginning.count)
        return String(rest.first == " " ? rest.dropFirst() : rest)
    }

    /// The comment that holds a line; an empty line says that segments are told apart.
    package static func comment(_ line: String) -> String { line.isEmpty ? beginning : "\(beginning) \(line)" }
}

/// The number of a frame in the file that it is from, as a comment of the packet states it: `vrrpwatch: frame 812 of file 1`.
package enum FrameRemark {
    private static let beginning = Array("vrrpwatch: frame ".utf8)
    private static let middle = Array(" of file ".utf8)

    /// The comment that ``origin(in:)`` reads; the file's position counts from 0.
    package static func comment(_ origin: FrameOrigin) -> String {
        "vrrpwatch: frame \(origin.frame) of file \(origin.file + 1)"
    }

    /// The origin in a comment; `nil` for comments of any other kind.
    static func origin(in comment: Span<UInt8>) -> FrameOrigin? {
        var place = 0
        func pass(_ text: [UInt8]) -> Bool {
            guard comment.count - place >= text.count else { return false }
            for index in text.indices where comment[place + index] != text[index] { return false }
            place += text.count
            return true
        }
        func number() -> Int? {
            var (value, digits) = (0, 0)
            while place < comment.count, 48...57 ~= comment[place], digits < 15 {
                value = value * 10 + Int(comment[place] - 48)
                digits += 1
                place += 1
            }
            return digits > 0 && value > 0 ? value : nil
        }
        guard pass(beginning), let frame = number(), pass(middle), let file = number(), place == comment.count,
            file <= OriginFile.most
        else { return nil }
        return FrameOrigin(file: file - 1, frame: frame)
    }
}

/// The facts about an interface of an extract that its frames no longer tell, each in a comment of its description.
enum InterfaceRemark {
    /// `vrrpwatch: sensor berlin-1`.
    case sensor(String)
    /// `vrrpwatch: longest silence 1250000000 ns`: the longest time between two frames in the file, whatever they held.
    case longestSilence(TimeSpan)

    init?(comment: String) {
        let words = comment.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
        guard words.count >= 3, words[0] == "vrrpwatch:" else { return nil }
        if words[1] == "sensor", words.count == 3, Sensor.isName(words[2]) {
            self = .sensor(String(words[2]))
        } else if words[1] == "longest", words[2] == "silence", words.count == 5, words[4] == "ns",
            let nanoseconds = Int64(words[3]), nanoseconds >= 0
        {
            self = .longestSilence(TimeSpan(nanoseconds: nanoseconds))
        } else {
            return nil
        }
    }

    /// The comment that ``init(comment:)`` reads.
    var comment: String {
        switch self {
        case .sensor(let name): "vrrpwatch: sensor \(name)"
        case .longestSilence(let silence): "vrrpwatch: longest silence \(silence.nanoseconds) ns"
        }
    }
}
