/// An address at which the page is served: `127.0.0.1:9798`.
package struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address of Prometheus exporters that nobody else has.
    package static let usual = Self(host: "127.0.0.1", port: 9798)

    /// An address of IPv4 or IPv6, without brackets, or `localhost`.
    package let host: String
    /// 0 lets the system choose.
    package let port: Int

    package init(host: String, port: Int) {
        (self.host, self.port) = (host, port)
    }

    /// Reads `HOST:PORT`, with brackets around an address of IPv6; `nil` for anything else.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: Int(port))
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether only this host can reach it.
    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Whether a browser that names the server so means this one.
    ///
    /// A page from elsewhere may get a name of its own to lead to this host (DNS rebinding), and then read what is served here.
    /// Where others may connect, the server cannot know all names by which it is called.
    package func admits(host header: String?) -> Bool {
        guard isLoopback else { return true }
        guard let header else { return false }
        let name = Self(header.hasSuffix("]") || !header.contains(":") ? "\(header):80" : header)
        return name?.isLoopback ?? false
    }
}
