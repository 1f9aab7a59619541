internal import VRRPFacts
internal import VRRPWire

/// The fields of an entry of a journal that matter, in the form of `journalctl -o export` or `-o json`
/// (systemd.journal-fields(7)).
struct JournalEntry {
    private(set) var process: [UInt8]?
    private(set) var message: [UInt8]?
    private(set) var stamp: Stamp?
    private(set) var host: [UInt8]?

    var isEmpty: Bool { message == nil && stamp == nil && process == nil }

    init() {}

    /// An entry of `journalctl -o json`; `nil` where the object is none.
    init?(_ object: JSONText) {
        guard object["__REALTIME_TIMESTAMP"] != nil || object["MESSAGE"] != nil else { return nil }
        for name in ["SYSLOG_IDENTIFIER", "__REALTIME_TIMESTAMP", "_HOSTNAME"] {
            if let value = object[name]?.text { note(name, Array(value.utf8)[...]) }
        }
        if let text = object["MESSAGE"]?.text {
            message = Array(text.utf8)
        } else if let bytes = object["MESSAGE"]?.elements {
            message = bytes.map { $0.integer.flatMap { UInt8(exactly: $0) } ?? 0x3f }
        }
    }

    /// Notes a field.
    mutating func note(_ name: String, _ value: ArraySlice<UInt8>) {
        switch name {
        case "MESSAGE": message = Array(value)
        case "_HOSTNAME": host = Array(value)
        case "SYSLOG_IDENTIFIER": process = Array(value)
        case "_COMM" where process == nil: process = Array(value)
        case "__REALTIME_TIMESTAMP":
            guard let microseconds = Int64(String(decoding: value, as: UTF8.self)), microseconds < 1 << 52 else {
                return
            }
            stamp = Stamp(
                clock: TimeSpan(nanoseconds: 1000) * microseconds,
                zone: .zero,
                resolution: TimeSpan(nanoseconds: 1000)
            )
        default: break
        }
    }
}
