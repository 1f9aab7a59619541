package import VRRPWire

/// The terms under which packets were captured, which decide what can be seen at all.
package struct CaptureTerms: Hashable, Sendable {
    /// The number of places that are named.
    package static let mostPlaces = 4

    /// The instant of the first packet of files, of whatever kind; `nil` where the observation itself tells when it began.
    package var start: CaptureInstant?
    /// The filter of pcap-filter(7) that frames had to pass; `nil` for none.
    package var filter: String?
    /// Whether the interface was to hand up frames for other hosts; `nil` for files, which do not tell.
    package var isPromiscuous: Bool?
    /// Whether tunnels were looked into.
    package var readsTunnels: Bool
    /// The number of advertisements that the filter kept out, as far as somebody counted.
    package private(set) var keptOut = 0
    /// The segments on which these were, the first few.
    package private(set) var placesKeptOut: [String] = []

    package init(filter: String? = nil, isPromiscuous: Bool? = nil, readsTunnels: Bool = true) {
        self.filter = filter
        self.isPromiscuous = isPromiscuous
        self.readsTunnels = readsTunnels
    }

    /// Counts an advertisement that the filter kept out.
    package mutating func keepOut(on segment: String) {
        keptOut += 1
        guard placesKeptOut.count < Self.mostPlaces, !placesKeptOut.contains(segment) else { return }
        placesKeptOut.append(segment)
    }
}
