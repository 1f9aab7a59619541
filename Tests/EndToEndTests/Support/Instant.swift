import Foundation

/// Nanoseconds since 1970, read from the text forms that programs print.
struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
    var nanoseconds: Int64

    init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    init(seconds: Double) {
        nanoseconds = Int64((seconds * 1e9).rounded())
    }

    /// Reads `2026-11-22T11:05:57.393361000Z`, and nothing that has fewer decimals or another zone.
    init?(report text: some StringProtocol) {
        guard
            let match = String(text).wholeMatch(of: /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{9})Z/),
            let seconds = try? Date(String(match.1) + "Z", strategy: .iso8601),
            let fraction = Int64(match.2)
        else { return nil }
        nanoseconds = Int64(seconds.timeIntervalSince1970) * 1_000_000_000 + fraction
    }

    /// Reads `1795345557.393361000`.
    init?(epoch text: some StringProtocol) {
        guard
            let match = String(text).wholeMatch(of: /(\d+)\.(\d{9})/),
            let seconds = Int64(match.1),
            let fraction = Int64(match.2)
        else { return nil }
        nanoseconds = seconds * 1_000_000_000 + fraction
    }

    static var now: Instant {
        Instant(seconds: Date().timeIntervalSince1970)
    }

    static func < (one: Instant, other: Instant) -> Bool {
        one.nanoseconds < other.nanoseconds
    }

    /// Seconds from `earlier` to this instant.
    func seconds(since earlier: Instant) -> Double {
        Double(nanoseconds - earlier.nanoseconds) / 1e9
    }

    func advanced(bySeconds seconds: Double) -> Instant {
        Instant(nanoseconds: nanoseconds + Int64((seconds * 1e9).rounded()))
    }

    var description: String {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(rest)
        return "\(seconds).\(String(repeating: "0", count: 9 - digits.count))\(digits)"
    }
}

extension Instant: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let instant = Instant(report: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a time of a report: \(text)")
        }
        self = instant
    }
}
