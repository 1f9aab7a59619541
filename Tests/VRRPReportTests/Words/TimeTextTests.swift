import Foundation
import Testing
import VRRPReport
import VRRPWire

@Suite struct TimeTextTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000000Z"),
        (1, "1970-01-01T00:00:00.000000001Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000Z"),
        (1_785_316_375_123_456_789, "2026-07-29T09:12:55.123456789Z"),
        (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000000Z"),
        (-2_203_891_200_000_000_000, "1900-03-01T00:00:00.000000000Z"),
    ])
    func utc(nanoseconds: Int64, text: String) {
        #expect(CaptureInstant(nanoseconds: nanoseconds).utcText == text)
    }

    @Test func agreesWithFoundation() {
        let formatter = ISO8601DateFormatter()
        // A day and some, so that all months, leap years and times of day come up.
        for seconds in stride(from: Int64(-4_000_000_000), through: 4_000_000_000, by: 86_400 * 13 + 4999) {
            let text = CaptureInstant(nanoseconds: seconds * 1_000_000_000).utcText
            let expected = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
            #expect(text == expected.dropLast() + ".000000000Z")
        }
    }

    @Test func extremesDoNotTrap() {
        #expect(CaptureInstant.distantPast.utcText.hasPrefix("1823-"))
        #expect(CaptureInstant.distantFuture.utcText.hasPrefix("2116-"))
        #expect(TimeStyle.local { _ in 50_400 }.text(.distantFuture).hasSuffix("+14:00"))
    }

    @Test(arguments: [
        (0, 3, "2026-01-01T00:00:00.250+00:00"),
        (7200, 3, "2026-01-01T02:00:00.250+02:00"),
        (-12_600, 0, "2025-12-31T20:30:00-03:30"),
        (20_700, 6, "2026-01-01T05:45:00.250000+05:45"),
    ])
    func local(offset: Int, decimals: Int, text: String) {
        let instant = CaptureInstant(nanoseconds: 1_767_225_600_250_000_000)
        #expect(TimeStyle.local { _ in offset }.text(instant, decimals: decimals) == text)
    }

    @Test(arguments: [
        (0, "0"), (1, "0.000001"), (-1, "-0.000001"), (3_648_400_000, "3648.4"), (1_000_000_000, "1000"),
        (-1_500_000, "-1.5"), (Int64.max, "9223372036854.775807"), (Int64.min, "-9223372036854.775808"),
    ])
    func milliseconds(nanoseconds: Int64, text: String) {
        #expect(TimeSpan(nanoseconds: nanoseconds).millisecondsText == text)
    }
}
