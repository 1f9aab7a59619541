import Testing
import VRRPReport
import VRRPWire

@testable import vrrpwatch

@Suite struct TimeArgumentTests {
    /// 2026-07-29T09:12:55Z.
    private static let start = CaptureInstant(nanoseconds: 1_785_316_375_000_000_000)

    private func instant(_ text: String, offset: Int = 7200) -> String? {
        TimeArgument(text)?.instant(after: Self.start) { _ in offset }.utcText
    }

    @Test(arguments: [
        ("2026-07-29T03:10:00Z", "2026-07-29T03:10:00.000000000Z"),
        ("2026-07-29T03:10:00.25+02:00", "2026-07-29T01:10:00.250000000Z"),
        ("2026-07-29 03:10", "2026-07-29T01:10:00.000000000Z"),
        ("2024-02-29T00:00:00-01:30", "2024-02-29T01:30:00.000000000Z"),
        // In the zone shown it is a quarter past eleven when the capture begins.
        ("11:12", "2026-07-29T09:12:00.000000000Z"),
        ("11:13:30", "2026-07-29T09:13:30.000000000Z"),
        ("03:10", "2026-07-30T01:10:00.000000000Z"),
        ("03:10Z", "2026-07-30T03:10:00.000000000Z"),
        ("09:20Z", "2026-07-29T09:20:00.000000000Z"),
    ])
    func understood(text: String, expected: String) {
        #expect(instant(text) == expected)
    }

    @Test(arguments: [
        "", "3:10", "24:00", "12:60", "2026-13-01T00:00Z", "2026-02-29T00:00Z", "2026-07-29", "03:10 pm", "03:10+2",
        "2026-07-29T03:10:00,5Z", "03:10:00.1234567890",
    ])
    func refused(text: String) {
        #expect(TimeArgument(text) == nil)
    }
}
