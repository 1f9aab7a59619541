import Testing
import VRRPConfiguration
import VRRPFindings

/// Whatever text comes, reading ends, nothing traps, and what is read is judged without a trap.
@Suite struct ExhaustionTests {
    private static let keepalived = """
        $N= \\
          vrrp_instance VI_${I} { \\
           virtual_router_id ${I} # a comment
           authentication { auth_type PASS \\
           auth_pass "a b" } \\
           virtual_ipaddress { 10.0.${I}.1/24 dev eth0 } }
        global_defs { router_id r
        vrrp_version 3 }
        vrrp_script s { script x
        weight -2 reverse }
        ~SEQ(I,1,2) $N
        @a priority 7
        vrrp_instance X { state MASTER
        advert_int .5
        unicast_peer { ::1
        fe80::%1 }
        track_script { s weight 9 } }
        include x
        """
    private static let frr = """
        interface eth0
         ip address 10.0.0.1/24
         vrrp 5 version 2
         vrrp 5 ip 10.0.0.1
         no vrrp 5 preempt
         vrrp 5 advertisement-interval 50
        """

    private static let other = Result {
        try ConfigurationReader.read("y", from: ConfigurationTexts(["y": keepalived]))
    }

    private func exercise(_ bytes: [UInt8]) throws {
        let text = String(decoding: bytes, as: UTF8.self)
        let router = try ConfigurationReader.read(
            "x",
            configID: "a",
            mostLines: 1000,
            from: ConfigurationTexts(["x": text])
        )
        let other = try Self.other.get()
        let lines = bytes.count { $0 == 0x0a } + 1
        for finding in Catalogue.findings(in: [router, other]) where finding.nodes == [router.name] {
            #expect(finding.location.line >= 1 && finding.location.line <= max(lines, 22))
        }
        for instance in router.instances {
            #expect(instance.possiblePriorities.contains(instance.priorityRange.lowerBound))
        }
    }

    @Test("every prefix", arguments: [keepalived, frr])
    func prefixes(_ text: String) throws {
        let bytes = Array(text.utf8)
        for length in 0...bytes.count { try exercise(Array(bytes.prefix(length))) }
    }

    @Test(
        "every byte changed to each of those that mean something, and to some that do not",
        arguments: [keepalived, frr]
    )
    func changes(_ text: String) throws {
        let meaningful = Array("{}\"\\#!$@~(),=\n\r\t 0/.-x".utf8) + [0, 0x7f, 0x80, 0xcc, 0xff]
        var bytes = Array(text.utf8)
        for index in bytes.indices {
            let original = bytes[index]
            for value in meaningful {
                bytes[index] = value
                try exercise(bytes)
            }
            bytes[index] = original
        }
    }

    @Test(
        "what multiplies ends",
        arguments: [
            "$A=${A}${A}\ninterface $A",
            "$A= \\\n $A \\\n $A\n$A",
            "~SEQ(A,1,100000) ~SEQ(B,1,100000) ~SEQ(C,1,100000) interface ${A}${B}${C}",
            "~SEQ(A,9223372036854775807,-1,-9223372036854775808) x",
            "~LST(A,\(Array(repeating: "1", count: 3000).joined(separator: ","))) ~SEQ(B,1,3000) x",
            "$A=0123456789012345678901234567890123456789\n"
                + (0..<40).map { "$A\($0 + 1)=${A\($0 == 0 ? "" : "\($0)")}${A\($0 == 0 ? "" : "\($0)")}" }.joined(
                    separator: "\n"
                )
                + "\n$A40",
            "include x\ninclude x",
            String(repeating: "a {\n", count: 10_000),
            String(repeating: "}", count: 10_000),
            String(repeating: "{", count: 1_000_000),
            "vrrp_instance " + String(repeating: "x", count: 5_000_000) + " {\n}",
            String(repeating: "include x\n", count: 5000),
            String(repeating: "\"\n", count: 5000),
        ]
    )
    func multiplication(_ text: String) throws {
        let files = ConfigurationTexts(["x": text])
        let router = try ConfigurationReader.read("x", mostLines: 10_000, from: files)
        #expect(!router.problems.isEmpty)
        #expect(router.problems.count <= 1100)
        #expect(router.instances.isEmpty)
    }

    @Test("files that include one another, each a thousand times, end soon")
    func includesMultiply() throws {
        let names = (0..<20).map { "f\($0)" }
        let texts = names.map { _ in names.map { "include \($0)\n" }.joined() }
        let files = ConfigurationTexts(Dictionary(uniqueKeysWithValues: zip(names, texts)))
        let router = try ConfigurationReader.read("f0", from: files)
        #expect(router.problems.contains { $0.message.hasSuffix("the rest is not read") })
        #expect(router.problems.count <= 1100)
    }
}
