internal import VRRPFacts
internal import VRRPWire

extension KeepalivedReader {
    /// Reads an `auth_hmac` block (keepalived, `vrrp_auth_hmac_handler` and its neighbours in vrrp_parser.c).
    mutating func readHMAC(_ statement: KeepalivedStatement, _ reading: inout InstanceReading) {
        var hmac = reading.hmac?.configured ?? ConfiguredHMAC()
        for item in statement.block ?? [] {
            if undecidedLines.contains(item.location) { reading.instance.undecided.insert(.authentication) }
            switch item.keyword {
            case "key": readKey(item, &hmac)
            case "active_key":
                if let id = number(item, 1...255, "the number of a key") { hmac.activeKey = UInt8(id) }
            case "time_window":
                if let seconds = number(item, 1...300, "seconds") { hmac.window = .seconds(Int64(seconds)) }
            case "anti_replay":
                if let word = item.arguments.first, let kind = ConfiguredHMAC.AntiReplay(rawValue: word) {
                    hmac.antiReplay = kind
                } else {
                    problem(.value, item, "'anti_replay' is time or monotonic")
                }
            case "mode":
                if let word = item.arguments.first, let mode = ConfiguredHMAC.Mode(rawValue: word) {
                    hmac.mode = mode
                } else {
                    problem(.value, item, "'mode' is enforce, permissive or receive-only")
                }
            default: noteSecretWord(item, in: "auth_hmac")
            }
        }
        reading.hmac = (hmac, statement)
    }

    /// Reads `key ID VALUE`, whose value is text, `hex:` with digits, or `file:` with a path.
    private mutating func readKey(_ item: KeepalivedStatement, _ hmac: inout ConfiguredHMAC) {
        guard let id = number(item, 1...255, "the number of a key and its value") else { return }
        guard let value = item.arguments.dropFirst().first else {
            return problem(.value, item, "'key' takes a number and a value; an unquoted # or ! begins a comment")
        }
        guard hmac.keys[UInt8(id)] == nil else { return problem(.value, item, "there is a key \(id) already") }
        // The file lies on the router, readable by root alone.
        guard !value.hasPrefix("file:"), !undecidedLines.contains(item.location) else {
            return hmac.keys[UInt8(id)] = .elsewhere
        }
        guard let key = ConfiguredHMAC.Key(value) else {
            return problem(.value, item, "key \(id) is 'hex:' with something that is no pairs of hexadecimal digits")
        }
        guard let length = key.length, ConfiguredHMAC.keyLengths.contains(length) else {
            let range = "\(ConfiguredHMAC.keyLengths.lowerBound) to \(ConfiguredHMAC.keyLengths.upperBound)"
            return problem(.value, item, "key \(id) has \(count(key.length ?? 0, "byte")); keepalived takes \(range)")
        }
        hmac.keys[UInt8(id)] = key
    }

    /// Fills in what an `auth_hmac` block leads to (keepalived, `vrrp_complete_instance` in vrrp.c).
    ///
    /// - Returns: whether there is such a block that is in force.
    mutating func completeHMAC(_ reading: inout InstanceReading) -> Bool {
        guard let (configured, statement) = reading.hmac else { return false }
        var hmac = configured
        let name = reading.instance.name
        if let authentication = reading.authType?.statement {
            problem(.value, authentication, "\(name): 'authentication' and 'auth_hmac' exclude each other")
        }
        guard let active = hmac.activeKey, hmac.keys[active] != nil else {
            if reading.instance.undecided.contains(.authentication) { return true }
            let reason = hmac.activeKey.map { "no key has the number \($0) of active_key" } ?? "there is no active_key"
            problem(.value, statement, "\(name): \(reason); keepalived goes on without auth_hmac")
            reading.instance.authentication = .none
            return true
        }
        if reading.instance.isStrict, hmac.mode != .enforce {
            problem(.value, statement, "\(name): strict mode makes the mode of auth_hmac enforce")
            hmac.mode = .enforce
        }
        reading.instance.authentication = .hmac(hmac)
        return true
    }
}
