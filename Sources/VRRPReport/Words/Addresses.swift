internal import VRRPWire

extension [IPAddress] {
    /// `10.0.0.1 + 10.0.0.2`, as tables show routers that are master at the same time; `-` for none.
    var joinedByPlus: String { isEmpty ? "-" : map(\.description).joined(separator: " + ") }
}
