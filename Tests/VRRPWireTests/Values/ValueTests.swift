import Testing
import VRRPTestSupport
import VRRPWire

@Suite struct AddressTests {
    @Test("canonical text (RFC 5952)")
    func ipv6Text() {
        let texts: [(high: UInt64, low: UInt64, text: String)] = [
            (0, 0, "::"), (0, 1, "::1"), (0xfe80_0000_0000_0000, 0, "fe80::"),
            (0x2001_0db8_0000_0000, 0x0000_0000_0002_0001, "2001:db8::2:1"),
            // One zero group is not shortened; of two equal runs the first is; the longest wins.
            (0x2001_0db8_0000_0001, 0x0001_0001_0001_0001, "2001:db8:0:1:1:1:1:1"),
            (0x2001_0db8_0000_0000, 0x0001_0000_0000_0001, "2001:db8::1:0:0:1"),
            (0x2001_0000_0000_0001, 0x0000_0000_0000_0001, "2001:0:0:1::1"),
            (0x2001_0000_0001_0000, 0x0001_0000_0001_0000, "2001:0:1:0:1:0:1:0"),
            (0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_ffff, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            (0x0001_0002_0003_0004, 0x0005_0006_0000_0000, "1:2:3:4:5:6::"),
            (0x0000_0000_0003_0004, 0x0005_0006_0007_0008, "::3:4:5:6:7:8"),
            (0x00ab_0c0d_000e_00f0, 0, "ab:c0d:e:f0::"),
        ]
        for (high, low, text) in texts {
            #expect(IPAddress(ipv6High: high, low: low).description == text)
            #expect(IPAddress(text: text) == IPAddress(ipv6High: high, low: low))
        }
    }

    @Test func ipv4Text() {
        #expect(IPAddress(ipv4: 0).description == "0.0.0.0")
        #expect(IPAddress(ipv4: 0xffff_ffff).description == "255.255.255.255")
        #expect(IPAddress(ipv4: 0xc000_0201).description == "192.0.2.1")
    }

    @Test("text and address are one, on many addresses", arguments: 0..<20)
    func roundTrip(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        for _ in 0..<100 {
            // Masks make runs of zeros.
            let address = IPAddress(
                ipv6High: generator.next() & generator.next() & 0xffff_0000_ffff_ffff,
                low: generator.next() & (Bool.random(using: &generator) ? 0xffff_0000_0000_ffff : .max)
            )
            #expect(IPAddress(text: address.description) == address)
        }
    }

    @Test("addresses order as numbers, IPv4 before IPv6")
    func order() {
        let ordered: [IPAddress] = [
            "9.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.1.0", "::1", "fe80::1", "fe80::2", "ff02::12",
        ]
        #expect(ordered.reversed().sorted() == ordered)
    }

    @Test func kindsOfAddress() {
        #expect(IPAddress.vrrpMulticastIPv4.isMulticast && IPAddress.vrrpMulticastIPv6.isMulticast)
        #expect(!("223.255.255.255" as IPAddress).isMulticast && !("fe80::1" as IPAddress).isMulticast)
        #expect(("239.0.0.1" as IPAddress).isMulticast && !("240.0.0.1" as IPAddress).isMulticast)
        #expect(("fe80::1" as IPAddress).isLinkLocalIPv6 && ("febf::1" as IPAddress).isLinkLocalIPv6)
        #expect(!("fec0::1" as IPAddress).isLinkLocalIPv6 && !("169.254.0.1" as IPAddress).isLinkLocalIPv6)
    }

    @Test func macAddresses() {
        #expect(MACAddress(bits: 0x0200_0a00_0001).description == "02:00:0a:00:00:01")
        #expect(MACAddress(bits: .max).description == "ff:ff:ff:ff:ff:ff")
        #expect(MACAddress.virtualRouter(51, .ipv4).description == "00:00:5e:00:01:33")
        #expect(MACAddress.virtualRouter(255, .ipv6).description == "00:00:5e:00:02:ff")
        #expect(
            MACAddress.virtualRouter(1, .ipv4).isVirtualRouter && MACAddress.virtualRouter(1, .ipv6).isVirtualRouter
        )
        #expect(
            !MACAddress(bits: 0x0000_5e00_0301).isVirtualRouter && !MACAddress(bits: 0x0000_5e01_0101).isVirtualRouter
        )
        #expect(MACAddress.multicast(for: .vrrpMulticastIPv4).description == "01:00:5e:00:00:12")
        #expect(MACAddress.multicast(for: .vrrpMulticastIPv6).description == "33:33:00:00:00:12")
        #expect(MACAddress(bits: 1) < MACAddress(bits: 2))
    }
}

@Suite struct TimeTests {
    @Test("arithmetic saturates")
    func saturation() {
        let most = TimeSpan(nanoseconds: .max)
        let least = TimeSpan(nanoseconds: .min)
        let one = TimeSpan(nanoseconds: 1)
        #expect(most + one == most)
        #expect(least - one == least)
        #expect(least + (.zero - one) == least)
        #expect(most - (.zero - one) == most)
        #expect(.zero - least == most)
        #expect(least.magnitude == most)
        #expect(most * 2 == most)
        #expect(most * -2 == least)
        #expect(least * 2 == least)
        #expect(least * -1 == most)
        #expect(TimeSpan.seconds(.max) == most)
        #expect(TimeSpan.seconds(.min) == least)
        #expect(TimeSpan.centiseconds(.max) == most)
        #expect(TimeSpan.milliseconds(.min) == least)
    }

    @Test func units() {
        #expect(TimeSpan.seconds(1) == .milliseconds(1000))
        #expect(TimeSpan.seconds(1) == .centiseconds(100))
        #expect(TimeSpan.milliseconds(1500).seconds == 1.5)
        #expect(TimeSpan(nanoseconds: 1_500_000).milliseconds == 1.5)
        #expect(TimeSpan.seconds(3) / TimeSpan.seconds(2) == 1.5)
        #expect(TimeSpan.seconds(3) / 2 == .milliseconds(1500))
        #expect((TimeSpan.zero - .seconds(3)) / 2 == .zero - .milliseconds(1500))
    }

    @Test("instants are clamped so that every difference is a span")
    func instants() {
        #expect(CaptureInstant.distantFuture - .distantPast == TimeSpan(nanoseconds: .max))
        #expect(CaptureInstant(nanoseconds: .max) == .distantFuture)
        #expect(CaptureInstant.distantFuture + .seconds(1) == .distantFuture)
        #expect(CaptureInstant.distantPast - .seconds(1) == .distantPast)
        #expect(CaptureInstant.distantFuture + TimeSpan(nanoseconds: .max) == .distantFuture)
        let now = CaptureInstant(nanoseconds: 1_767_225_600_000_000_000)
        #expect((now + .seconds(1)) - now == .seconds(1))
        #expect(now - .seconds(1) < now)
    }
}

@Suite struct InternetChecksumTests {
    @Test("the example of RFC 1071 section 3")
    func example() {
        var sum = InternetChecksum()
        sum.add(hex("0001f203f4f5f6f7").span)
        #expect(sum.folded == 0xddf2)
        #expect(!sum.isValid)
        sum.add(Int(~sum.folded))
        #expect(sum.isValid)
    }

    @Test func anOddByteIsPaddedWithZero() {
        var odd = InternetChecksum()
        odd.add(hex("010203").span)
        var even = InternetChecksum()
        even.add(hex("01020300").span)
        #expect(odd.folded == even.folded)
    }

    @Test("an address counts as its bytes do", arguments: ["192.0.2.1", "2001:db8::ff:1"])
    func addresses(_ text: String) throws {
        let address = try #require(IPAddress(text: text))
        var whole = InternetChecksum()
        whole.add(address)
        var parts = InternetChecksum()
        for number in [address.high, address.low] {
            for shift in stride(from: 48, through: 0, by: -16) { parts.add(Int(number >> UInt64(shift) & 0xffff)) }
        }
        #expect(whole.folded == parts.folded)
    }

    @Test("order of words does not matter, and sums do not overflow")
    func long() {
        var sum = InternetChecksum()
        for _ in 0..<1000 { sum.add(Array(repeating: UInt8(0xff), count: 1000).span) }
        #expect(sum.folded == 0xffff)
    }
}
