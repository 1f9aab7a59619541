internal import Glibc
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPWire

/// The progress of reading, on standard error, for people at a terminal.
struct ProgressBar {
    private static let firstAfter = Duration.seconds(1)
    private static let interval = Duration.milliseconds(100)

    private let start = ContinuousClock.now
    private var next = ContinuousClock.now + Self.firstAfter
    private var isShown = false

    /// `nil` where standard error is no terminal that can rewrite a line.
    init?() {
        guard isatty(STDERR_FILENO) == 1, environmentVariable("TERM") != "dumb" else { return nil }
    }

    /// Shows the number of bytes read and their total, at most ten times a second and not in the first second.
    mutating func show(_ position: (read: UInt64, size: UInt64?)) {
        let now = ContinuousClock.now
        guard now >= next else { return }
        next = now + Self.interval
        isShown = true
        let text = Self.text(position, after: (now - start) / .seconds(1))
        Diagnostics.write("\r\(text)\u{1b}[K")
    }

    /// Leaves the line as it was.
    mutating func clear() {
        guard isShown else { return }
        isShown = false
        Diagnostics.write("\r\u{1b}[K")
    }

    /// Bytes, rate and time left, such as `[######..............]  31 %  312 of 1000 MB  104 MB/s  7 s left`.
    static func text(_ position: (read: UInt64, size: UInt64?), after seconds: Double) -> String {
        let rate = Double(position.read) / max(seconds, 1e-3)
        let speed = "\(Int(rate / 1e6)) MB/s"
        guard let size = position.size, size > 0 else { return "\(position.read / 1_000_000) MB  \(speed)" }
        let share = min(1, Double(position.read) / Double(size))
        let filled = Int(share * 20)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
        let left = Int((Double(size - min(position.read, size)) / max(rate, 1)).rounded(.up))
        let percent = String(Int(share * 100))
        let padding = String(repeating: " ", count: 3 - percent.count)
        let bytes = "\(position.read / 1_000_000) of \(size / 1_000_000) MB"
        return
            "[\(bar)] \(padding)\(percent) %  \(bytes)  \(speed)  \(TimeSpan.seconds(Int64(left)).words(.headline)) left"
    }
}
