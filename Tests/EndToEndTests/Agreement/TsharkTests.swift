import Foundation
import Testing

/// `vrrpwatch decode` against Wireshark's dissector, packet by packet.
@Suite(.enabled(if: Tool.isInstalled("tshark"), "tshark is not installed; `.ci/setup test` installs it"))
struct TsharkTests {
    /// Captures that lie beside a checkout, of the lab and of others.
    static let shared = Fixture.package.appending(path: "../shared/captures").standardizedFileURL

    /// The link types that `vrrpwatch` reads do not include Frame Relay.
    static let unsupported: Set = ["fr"]

    @Test(arguments: captureFiles(below: Fixture.package.appending(path: "Fixtures/Captures")))
    func readsTheSameInFixtures(file: String) async throws {
        try await compare(file)
    }

    @Test(
        .enabled(
            if: !captureFiles(below: shared).isEmpty,
            "there is no folder ../shared/captures beside this checkout"
        ),
        // One capture is of 802.1ah, which vrrpwatch does not read.
        arguments: captureFiles(below: shared).filter { !$0.contains("pbb-vrrp") }
    )
    func readsTheSameInSharedCaptures(file: String) async throws {
        try await compare(file)
    }

    private func compare(_ file: String) async throws {
        let theirs = try await Tshark.packets(in: file)
        if theirs.contains(where: { !Self.unsupported.isDisjoint(with: $0.protocols.map(String.init)) }) {
            let records = try await Self.records(in: file)
            #expect(records.isEmpty, "nothing is made up from a link type that is not read")
            return
        }
        let ours = try await Self.records(in: file).filter { $0.protocol == "vrrp" || $0.protocol == "carp" }
        let oursByFrame = Dictionary(grouping: ours, by: \.frame)

        for packet in theirs {
            let records = oursByFrame[packet.fields.frame] ?? []
            guard let record = records.first, records.count == 1 else {
                Issue.record("\(records.count) records for \(packet.fields)")
                continue
            }
            var expected = packet.fields
            // Wireshark takes CARP, which shares the protocol number, for VRRP.
            if record.protocol == "carp" { expected.advertisement = nil }
            // tshark 4.0 does not know the trailers of auth_hmac; all else has to be equal.
            if record.vrrp?.authentication.type == "hmac", expected.advertisement?.authentication == "none" {
                expected.advertisement?.authentication = "hmac"
            }
            let fields = VRRPFields(
                frame: record.frame,
                time: record.time,
                vlans: record.vlans,
                source: record.source ?? "",
                destination: record.destination ?? "",
                ttl: record.ttl ?? -1,
                advertisement: packet.isMalformed ? nil : record.vrrp.map(VRRPFields.Advertisement.init)
            )
            #expect(fields == expected)
            #expect(packet.isMalformed || record.stop == nil, "\(packet.fields)")
        }

        let extra = Set(ours.filter { $0.vrrp != nil }.map(\.frame)).subtracting(theirs.map(\.fields.frame))
        #expect(extra == [], "frames that only vrrpwatch takes for VRRP")
        #expect(
            ours.allSatisfy { $0.protocol == "vrrp" } || file.hasSuffix("/carp.pcap"),
            "only one capture holds CARP"
        )
    }

    private static func records(in file: String) async throws -> [PacketRecord] {
        let outcome = try await Vrrpwatch.run(["decode", "--quiet", "--format", "ndjson", file])
        #expect(outcome.errors.isEmpty || outcome.status == 2, "\(outcome.errors)")
        return try outcome.text.split(separator: "\n").map {
            try JSONDecoder().decode(PacketRecord.self, from: Data($0.utf8))
        }
    }
}
