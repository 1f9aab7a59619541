import Testing
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The facts that authenticated advertisements tell without a key, and with one.
@Suite struct AuthenticationTests {
    private func router(_ story: String) throws -> Router {
        let observation = try Scenario(story).observation
        return try #require(observation.virtualRouters.first?.routers.first)
    }

    @Test func aLabelNeverStandsForTwoPasswords() {
        var keys = AuthenticationKeys()
        let secrets = (0..<UInt64(AuthenticationKeys.most) + 10).map { $0 &* 7 &+ 1 }
        let labels = secrets.map { keys.key(for: $0).tag }
        #expect(labels.compactMap { $0 }.count == AuthenticationKeys.most)
        #expect(Set(labels.compactMap { $0 }).count == AuthenticationKeys.most)
        #expect(labels.suffix(10).allSatisfy { $0 == nil })
        #expect(keys.key(for: secrets[0]).tag == "key-1")
        #expect(keys.key(for: secrets[AuthenticationKeys.most]) != keys.key(for: secrets[AuthenticationKeys.most + 1]))
    }

    @Test func trailersTellKeyAndClock() throws {
        let router = try router(
            """
            router A 10.0.0.1 v3 hmac some-key key-id 7 clock-ahead 3
            0..4 every 1 A
            5 A clock-ahead 2.5
            5.5 end
            """
        )
        #expect(router.authentications.map(\.keyID) == [7])
        #expect(router.authentications.map(\.verification) == [.unchecked])
        let clock = try #require(router.authenticationTrace?.clocks[0])
        #expect(clock.samples == 6)
        #expect(clock.layout == .fraction)
        #expect(clock.leastLag == .seconds(-3))
        #expect(clock.lag == .milliseconds(-2500))
        #expect(clock.greatestLag == .milliseconds(-2500))
    }

    @Test func theEarlierLayoutHasNoFraction() throws {
        let story = "router A 10.0.0.1 v3 hmac some-key counter 1\n0..%.25 every 1 A\n%.5 end"
        let few = try router(story.replacing("%", with: "1"))
        #expect(few.authenticationTrace?.clocks[0]?.layout == nil)
        let many = try router(story.replacing("%", with: "5"))
        #expect(many.authenticationTrace?.clocks[0]?.layout == .counter)
        #expect(many.authenticationTrace?.clocks[0]?.leastLag == .zero)
    }

    @Test func eachCaptureHasItsClock() throws {
        let router = try router("router A 10.0.0.1 v3 hmac some-key capture 0,1\n0..5 every 1 A\n6 end")
        // The second capture shows the same packets, which count once.
        #expect(router.adverts == 6)
        #expect(router.authenticationTrace?.clocks.count == 1)
    }

    @Test func headersTellTheirSPI() throws {
        #expect(try router("router A 10.0.0.1 ah key\n0 A").authenticationTrace?.spi == 0x0a00_0001)
        #expect(try router("router A 10.0.0.1 ah key spi 7\n0 A").authenticationTrace?.spi == 7)
        #expect(try router("router A 10.0.0.1 pass key\n0 A").authenticationTrace == nil)
    }

    @Test func theKeyIsATraitOfEachUse() throws {
        let router = try router(
            """
            key s3cret
            router A 10.0.0.1 ah s3cret
            0..2 every 1 A
            3 A ah other
            4..5 every 1 A
            """
        )
        #expect(router.authentications.map(\.verification) == [.invalid, .valid(KeyProof(key: 0))])
        #expect(router.anomalies[.wrongAH]?.count == 1)
        #expect(router.anomalies[.ahSequenceBack] == nil)
    }

    @Test("disorder within a tenth of an interval is no step back, a replay is")
    func sequences() throws {
        let rising = try router(
            """
            key s3cret
            router A 10.0.0.1 ah s3cret seq 4294967290
            0..2 every 1 A
            """
        )
        #expect(rising.anomalies[.ahSequenceBack] == nil)
        let disordered = try router(
            """
            key s3cret
            router A 10.0.0.1 ah s3cret seq 10
            0 A
            1 A seq 12
            1.05 A seq 11
            2 A seq 13
            """
        )
        #expect(disordered.anomalies[.ahSequenceBack] == nil)
        let replayed = try router(
            """
            key s3cret
            router A 10.0.0.1 ah s3cret seq 10
            0..3 every 1 A
            3.5 A seq 11
            """
        )
        #expect(replayed.anomalies[.ahSequenceBack]?.count == 1)
        #expect(replayed.authenticationTrace?.stepBack?.from == 13)
        #expect(replayed.authenticationTrace?.stepBack?.to == 11)
    }

    @Test func routersWithoutTheKeyRejectNothingOfEachOther() throws {
        let observation = try Scenario(
            """
            key wrong
            router A 10.0.0.1 priority 100 ah one
            router B 10.0.0.2 priority 90 ah one
            0..3 every 1 A
            0.5 B
            """
        ).observation
        let virtualRouter = try #require(observation.virtualRouters.first)
        #expect(virtualRouter.history(in: observation).rejection(by: 1, of: 0, in: virtualRouter) == nil)
        #expect(!virtualRouter.keysProvablyDiffer(0, 1))
    }

    @Test func aKeyThatDiffersIsARejectionBothWays() throws {
        let observation = try Scenario(
            """
            key one
            router A 10.0.0.1 priority 100 ah one
            router B 10.0.0.2 priority 90 ah two
            0 A
            0.5 B
            """
        ).observation
        let virtualRouter = try #require(observation.virtualRouters.first)
        #expect(virtualRouter.history(in: observation).rejection(by: 1, of: 0, in: virtualRouter) == .key)
        #expect(virtualRouter.history(in: observation).rejection(by: 0, of: 1, in: virtualRouter) == .key)
    }

    @Test("a signed advertisement that is replayed in time is not taken for a master in steady state")
    func replays() throws {
        let story = "key s3cret\nrouter A 10.0.0.1 v3 hmac s3cret\n0..9 every 1 A"
        let frames = try Scenario(story).inputs.compactMap { input in
            if case .frame(let bytes, let sighting) = input { (bytes, sighting) } else { nil }
        }
        var analysis = Analysis()
        for (bytes, sighting) in frames { _ = analysis.take(bytes.span, linkType: .ethernet, sighting) }
        let (bytes, last) = try #require(frames.last)
        for second in 1...5 {
            let reference = FrameReference(capture: 0, frame: 10 + second)
            var sighting = Sighting(reference, at: last.instant + .seconds(Int64(second)))
            sighting.verification = last.verification
            _ = analysis.take(bytes.span, linkType: .ethernet, sighting)
        }
        analysis.finish()
        let router = try #require(analysis.observation.virtualRouters.first?.routers.first)
        #expect(router.adverts == 15)
        #expect(router.anomalies[.hmacSequenceBack]?.count == 5)
    }
}
