extension IPAddress {
    /// Dotted decimal, or IPv6 text as RFC 4291 section 2.2 has it, also with a dotted end; `nil` for anything else.
    package init?(text: some StringProtocol) {
        guard text.contains(":") else {
            guard let bits = Self.ipv4(text) else { return nil }
            self.init(ipv4: bits)
            return
        }
        guard let groups = Self.groups(of: text) else { return nil }
        self.init(
            ipv6High: groups[..<4].reduce(0) { $0 << 16 | UInt64($1) },
            low: groups[4...].reduce(0) { $0 << 16 | UInt64($1) }
        )
    }

    private static func ipv4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let byte = UInt8(part)
            else { return nil }
            bits = bits << 8 | UInt32(byte)
        }
        return bits
    }

    /// The eight groups of an IPv6 address.
    private static func groups(of text: some StringProtocol) -> [UInt16]? {
        guard let gap = text.firstRange(of: "::") else {
            let groups = run(text)
            return groups?.count == 8 ? groups : nil
        }
        guard let left = run(text[..<gap.lowerBound]), let right = run(text[gap.upperBound...]),
            left.count + right.count < 8
        else { return nil }
        return left + Array(repeating: 0, count: 8 - left.count - right.count) + right
    }

    /// Groups with a colon between each two; an empty text is none.
    private static func run(_ text: some StringProtocol) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (position, part) in parts.enumerated() {
            if position == parts.count - 1, part.contains(".") {
                guard let bits = ipv4(part) else { return nil }
                groups += [UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits)]
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ $0 != 0x2b && $0 != 0x2d }),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }
}
