import Testing
import VRRPFacts
import VRRPFindings
import VRRPReport
import VRRPTestSupport
import VRRPTracker
import VRRPWire

/// The statements about authentication in reports and in the lines of packets.
@Suite struct AuthenticationReportTests {
    private static let key = "0123456789abcdef0123456789abcdef"

    private func document(_ story: String) throws -> ReportDocument {
        let observation = try Scenario(story).observation
        return ReportDocument(
            observation,
            captures: [CaptureDescription(source: "story", format: .pcap)],
            version: "1"
        )
    }

    private func text(_ story: String) throws -> String {
        TextReport.render(try document(story), TextReport.Options())
    }

    /// The first packet of a story on one line, and as JSON.
    private func packet(_ story: String) throws -> (text: String, json: String) {
        let scenario = try Scenario(story)
        var keys = AuthenticationKeys()
        let frames = scenario.inputs.compactMap { input in
            if case .frame(let bytes, let sighting) = input { (bytes, sighting) } else { nil }
        }
        let (bytes, sighting) = try #require(frames.first)
        let record = PacketRecord(
            DecodedFrame(bytes.span, linkType: .ethernet),
            sighting,
            interface: nil,
            keys: &keys,
            givenKeys: scenario.givenKeys
        )
        let told = try #require(record)
        return (told.text(TextReport.Options()), told.json.compactText)
    }

    // MARK: Reports

    @Test func clocksOfTheRouters() throws {
        let story = """
            router A 10.0.0.1 priority 100 v3 hmac \(Self.key)
            router B 10.0.0.2 priority 90 v3 hmac \(Self.key) clock-ahead 4 counter 1
            0..5 every 1 A
            5.4 A resigns
            6.048437500..9 every 1 B
            9.5 end
            """
        let lines = try text(story).split(separator: "\n")
        let start = try #require(lines.firstIndex { $0.contains("Senders' clocks") })
        #expect(lines[start + 1].contains("BEHIND THE CAPTURE"))
        #expect(lines[start + 2].split(separator: " ").prefix(2) == ["10.0.0.1", "7"])
        #expect(lines[start + 3].contains("2.4.0") && lines[start + 3].contains("-3952 ms"))
        #expect(lines[start + 4].contains("The routers' clocks differ by 3952 ms."))
        #expect(try document(story).json.compactText.contains(#""clockSkewMs":3951.5625"#))
        // Nothing of it where nobody tells the time.
        #expect(try !text("router A 10.0.0.1\n0..5 every 1 A").contains("clocks"))
    }

    @Test func whoUsesWhichKey() throws {
        let story = """
            key \(Self.key)
            router A 10.0.0.1 priority 100 v3 hmac \(Self.key)
            router B 10.0.0.2 priority 90 v3 hmac other key-id 2
            0..5 every 1 A
            0.5..5.5 every 1 B
            """
        let text = try text(story)
        #expect(text.contains("hmac (key id 1, made with line 1)"))
        #expect(text.contains("hmac (key id 2, fits no given key)"))
        let json = try document(story).json.compactText
        #expect(json.contains(#""type":"hmac","keyTag":null,"keyID":1,"verification":"valid","givenKey":"line 1""#))
        #expect(json.contains(#""keyID":2,"verification":"invalid","givenKey":null"#))
        for form in [text, json] { #expect(!form.contains(Self.key)) }
    }

    @Test func anSPIThatIsNotTheSource() throws {
        #expect(try text("router A 10.0.0.1 ah key spi 7\n0 A").contains("ah (SPI is not the source address)"))
        #expect(try !text("router A 10.0.0.1 ah key\n0 A").contains("SPI"))
    }

    // MARK: Packets

    @Test func aTrailer() throws {
        let packet = try packet("router A 10.0.0.1 v3 hmac some-key key-id 9 clock-behind 1.5\n0.25 A")
        #expect(packet.text.contains("auth hmac (key id 9)"))
        #expect(packet.text.contains("clock 1500 ms behind, counter 0"))
        let ahead = try self.packet("router A 10.0.0.1 v3 hmac some-key clock-ahead 2\n0 A")
        #expect(ahead.text.contains("clock 2000 ms ahead, counter 0"))
        #expect(!packet.text.contains("trailing bytes"))
        #expect(
            packet.json.contains(
                #""trailer":{"time":"2025-12-31T23:59:58.750000000Z","counter":0,"layout":"fraction","lagMs":1500}"#
            )
        )
        #expect(packet.json.contains(#""trailingBytes":28"#))
    }

    @Test func ciscoMD5() throws {
        var frame = AdvertisementFrame(
            from: IPAddress(ipv4: 0x0a00_0001),
            version: 2,
            virtualRouterID: 51,
            priority: 100,
            addresses: [IPAddress(ipv4: 0x0a00_0064)]
        )
        frame.authentication = .type(254)
        frame.trailer = Array(repeating: 7, count: 16)
        let bytes = frame.bytes
        let sighting = Sighting(FrameReference(capture: 0, frame: 1), at: Scenario.epoch)
        var keys = AuthenticationKeys()
        let found = PacketRecord(
            DecodedFrame(bytes.span, linkType: .ethernet),
            sighting,
            interface: nil,
            keys: &keys
        )
        let record = try #require(found)
        #expect(record.text(TextReport.Options()).contains("auth cisco-md5"))
        #expect(record.text(TextReport.Options()).contains("Cisco MD5 digest"))
        #expect(record.json.compactText.contains(#""ciscoMD5":true"#))
    }

    @Test func aHeaderWithTheKey() throws {
        let genuine = try packet("key s3cret\nrouter A 10.0.0.1 ah s3cret\n0 A")
        #expect(genuine.text.contains("auth ah (made with line 1)"))
        #expect(genuine.json.contains(#""ah":{"spi":167772161,"sequence":1,"spiIsSource":true}"#))
        let other = try packet("key s3cret\nrouter A 10.0.0.1 ah other spi 1\n0 A")
        #expect(other.text.contains("auth ah (SPI is not the source address, fits no given key)"))
        #expect(other.json.contains(#""spiIsSource":false"#))
    }
}
