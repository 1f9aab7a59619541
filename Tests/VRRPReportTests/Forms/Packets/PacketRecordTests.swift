import Foundation
import Testing
import VRRPReport
import VRRPTracker
import VRRPWire

@Suite struct PacketRecordTests {
    private func records(_ packets: [[UInt8]]) -> [PacketRecord] {
        var keys = AuthenticationKeys()
        var records: [PacketRecord] = []
        for (index, packet) in packets.enumerated() {
            let reference = FrameReference(capture: 0, frame: index + 1)
            let sighting = Sighting(reference, at: Feed.instant(Int64(index)))
            let frame = DecodedFrame(packet.span, linkType: .ethernet)
            if let record = PacketRecord(frame, sighting, interface: "eth0", keys: &keys) { records.append(record) }
        }
        return records
    }

    @Test func textLines() {
        let packets = [
            Packets.advertisement(from: 1, password: "secret", vlan: 10),
            Packets.advertisement(from: 2, priority: 0, password: "other"),
            Packets.gratuitousARP(from: 2),
            Array(Packets.advertisement(from: 3).prefix(38)),
        ]
        let lines = records(packets).map { $0.text(TextReport.Options()) }
        let first = """
            2026-01-01T00:00:00.000000Z eth0 vlan 10 10.0.0.1 > 224.0.0.18: VRRPv2, vrid 51, prio 100, intvl 1s, \
            auth simple-text (key-1), addr 10.0.0.100, checksum 0x
            """
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix(first))
        #expect(lines[0].hasSuffix(" valid, ttl 255"))
        #expect(lines[1].contains("prio 0 (resigns)"))
        #expect(lines[1].contains("(key-2)"))
        #expect(lines[2].hasSuffix("eth0 ARP gratuitous request 10.0.0.100 is at 02:00:00:00:00:02"))
        #expect(lines[3].contains("VRRP, [stopped at VRRP offset 0: 8 bytes are needed and the capture holds 4]"))
        #expect(!lines.joined().contains("secret"))
    }

    @Test func jsonMembers() throws {
        let record = try #require(records([Packets.advertisement(from: 1, password: "secret")]).first)
        guard case .object(let members) = record.json else { return #expect(Bool(false)) }
        let names = """
            schema capture frame time interface vlans tunnel sourceMAC destinationMAC source destination ttl ipID \
            protocol vrrp arp nd carp stop outer
            """
        #expect(members.map(\.key).joined(separator: " ") == names)
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(record.json.compactText.utf8)) as? [String: Any]
        )
        let vrrp = try #require(object["vrrp"] as? [String: Any])
        #expect(
            Set(vrrp.keys) == [
                "version", "vrid", "priority", "advertIntervalMs", "addresses", "authentication", "checksum",
                "checksumKind", "ah", "trailingBytes",
            ]
        )
        #expect(vrrp["checksumKind"] as? String == "valid")
        #expect(object["arp"] is NSNull)
        #expect(object["stop"] is NSNull)
        #expect(object["frame"] as? Int == 1)
    }

    @Test func everyPrefixOfAPacketCanBeTold() throws {
        let packet = Packets.advertisement(from: 1, password: "secret", vlan: 10)
        for count in 0...packet.count {
            for record in records([Array(packet.prefix(count))]) {
                _ = record.text(TextReport.Options())
                _ = try JSONSerialization.jsonObject(with: Data(record.json.compactText.utf8))
            }
        }
    }
}
