import Testing
import VRRPServe
import VRRPTestSupport
import VRRPWire

/// Frames of several sensors in order of time, as far as all that live have told.
@Suite struct SensorJoinerTests {
    private static let start = CaptureInstant(nanoseconds: 1_767_225_600_000_000_000)

    private static func instant(_ milliseconds: Int64) -> CaptureInstant { start + .milliseconds(milliseconds) }

    private static func frame(at milliseconds: Int64) -> SensorFrame {
        SensorFrame(
            bytes: [],
            originalLength: 0,
            number: 1,
            instant: instant(milliseconds),
            interface: 0,
            linkType: .ethernet
        )
    }

    /// The sensors and the times in milliseconds of released frames.
    private static func told(_ released: [SensorJoiner.Released]) -> [String] {
        released.map { "\($0.sensor):\(($0.frame.instant - start).nanoseconds / 1_000_000)" }
    }

    @Test func framesWaitForTheSensorThatToldLeast() {
        var joiner = SensorJoiner(count: 2, patience: .seconds(2), at: .zero)
        #expect((joiner.take(Self.frame(at: 10), of: 0, at: .zero)) == true)
        #expect((joiner.take(Self.frame(at: 30), of: 0, at: .zero)) == true)
        #expect(joiner.release(at: .zero).isEmpty)
        #expect((joiner.take(Self.frame(at: 20), of: 1, at: .zero)) == true)
        #expect(Self.told(joiner.release(at: .zero)) == ["0:10", "1:20"])
        #expect(joiner.reached == Self.instant(20))
        joiner.heartbeat(Self.instant(40), of: 1, at: .zero)
        #expect(Self.told(joiner.release(at: .zero)) == ["0:30"])
        #expect(joiner.reached == Self.instant(30))
    }

    @Test("whatever the order in which they come, frames are released in order of time", arguments: 0..<20)
    func order(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let times = (0..<3).map { _ in (0..<40).map { _ in Int64.random(in: 0..<10_000, using: &generator) }.sorted() }
        var places = [0, 0, 0]
        var joiner = SensorJoiner(count: 3, patience: .seconds(2), at: .zero)
        var released: [SensorJoiner.Released] = []
        while let sensor = (0..<3).filter({ places[$0] < 40 }).randomElement(using: &generator) {
            #expect((joiner.take(Self.frame(at: times[sensor][places[sensor]]), of: sensor, at: .zero)) == true)
            places[sensor] += 1
            if Bool.random(using: &generator) { released += joiner.release(at: .zero) }
        }
        released += joiner.releaseAll()
        #expect(released.count == 120)
        #expect(released.map(\.frame.instant) == released.map(\.frame.instant).sorted())
    }

    @Test func aSilentSensorIsGivenUpAndComesBack() {
        var joiner = SensorJoiner(count: 2, patience: .seconds(2), at: .zero)
        joiner.heartbeat(Self.instant(0), of: 1, at: .zero)
        #expect((joiner.take(Self.frame(at: 1000), of: 0, at: .seconds(1))) == true)
        #expect(joiner.release(at: .seconds(2)).isEmpty)
        #expect((joiner.take(Self.frame(at: 2000), of: 0, at: .milliseconds(2001))) == true)
        #expect(Self.told(joiner.release(at: .milliseconds(2001))) == ["0:1000", "0:2000"])
        #expect(joiner.sensors[1].state == .lost)
        #expect(joiner.takeChanges() == [.lost(sensor: 1, since: Self.instant(0))])
        joiner.heartbeat(Self.instant(2500), of: 1, at: .milliseconds(2500))
        #expect(joiner.takeChanges() == [.back(sensor: 1, at: Self.instant(2500), since: Self.instant(0))])
        #expect(joiner.sensors[1].state == .living)
    }

    @Test("what comes after its time is counted, and its sensor counts again when it has caught up")
    func lateFrames() {
        var joiner = SensorJoiner(count: 2, patience: .seconds(2), at: .zero)
        joiner.heartbeat(Self.instant(0), of: 1, at: .zero)
        #expect((joiner.take(Self.frame(at: 60_000), of: 0, at: .seconds(3))) == true)
        #expect(joiner.release(at: .seconds(3)).count == 1)
        #expect((joiner.take(Self.frame(at: 1000), of: 1, at: .seconds(4))) == false)
        #expect(joiner.sensors[1].state == .lost)
        #expect(joiner.sensors[1].late == 1)
        #expect((joiner.take(Self.frame(at: 60_100), of: 1, at: .seconds(5))) == true)
        #expect(joiner.sensors[1].state == .living)
    }

    @Test func aSensorThatNeverCameHoldsNobodyUpForLong() {
        var joiner = SensorJoiner(count: 2, patience: .seconds(2), at: .zero)
        #expect((joiner.take(Self.frame(at: 10), of: 0, at: .seconds(1))) == true)
        #expect(joiner.release(at: .seconds(1)).isEmpty)
        #expect((joiner.take(Self.frame(at: 20), of: 0, at: .milliseconds(2500))) == true)
        #expect(joiner.release(at: .milliseconds(2500)).count == 2)
        #expect(joiner.takeChanges() == [.lost(sensor: 1, since: nil)])
    }

    @Test("a file that was read to its end holds nobody up, and is missed when others see more")
    func endedFile() {
        var joiner = SensorJoiner(count: 2, patience: .seconds(2), at: .zero)
        #expect((joiner.take(Self.frame(at: 10), of: 1, at: .zero)) == true)
        joiner.end(1, isFinal: true)
        #expect((joiner.take(Self.frame(at: 1500), of: 0, at: .zero)) == true)
        #expect(joiner.release(at: .zero).count == 2)
        #expect(joiner.takeChanges().isEmpty)
        #expect((joiner.take(Self.frame(at: 2500), of: 0, at: .zero)) == true)
        #expect(joiner.release(at: .zero).count == 1)
        #expect(joiner.takeChanges() == [.lost(sensor: 1, since: Self.instant(10))])
    }

    @Test func theWaitEndsWhenASensorIsToBeGivenUp() {
        var joiner = SensorJoiner(count: 2, patience: .seconds(2), at: .zero)
        joiner.heartbeat(Self.instant(0), of: 0, at: .seconds(1))
        #expect(joiner.wait(from: .seconds(1)) == .milliseconds(1001))
        _ = joiner.release(at: .milliseconds(2001))
        #expect(joiner.wait(from: .milliseconds(2001)) == .milliseconds(1000))
        _ = joiner.release(at: .seconds(4))
        #expect(joiner.wait(from: .seconds(4)) == nil)
    }
}
