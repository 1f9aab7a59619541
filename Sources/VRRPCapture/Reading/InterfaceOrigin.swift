/// The origin of the frames of an interface, in a capture that `vrrpwatch extract` made.
///
/// An extract holds the frames of several captures, and tells them apart by their interfaces. Each description of an
/// interface has a comment that names its origin: `vrrpwatch: interface 0 of capture 1 of 2: r1.pcap`.
package struct InterfaceOrigin: Hashable, Sendable {
    /// The most captures that are told apart; extracts of more make the rest one.
    package static let mostCaptures = 1000

    /// The interface's position in its capture, from 0.
    package var interface: Int
    /// The capture's position among the sources of the extract, from 0.
    package var capture: Int
    /// The number of sources.
    package var captureCount: Int
    /// The name of the source.
    package var source: String

    package init(interface: Int, capture: Int, captureCount: Int, source: String) {
        self.interface = interface
        self.capture = capture
        self.captureCount = captureCount
        self.source = source
    }

    /// The origin that a comment states; `nil` for comments of any other kind.
    package init?(comment: String) {
        let words = comment.split(separator: " ", maxSplits: 8, omittingEmptySubsequences: false)
        guard words.count == 9, words[0] == "vrrpwatch:", words[1] == "interface", words[3] == "of",
            words[4] == "capture", words[6] == "of", words[7].last == ":",
            let interface = Int(words[2]), let number = Int(words[5]), let count = Int(words[7].dropLast()),
            (0..<PcapNGState.interfaceLimit).contains(interface), (1...Self.mostCaptures).contains(count),
            (1...count).contains(number)
        else {
            return nil
        }
        self.init(interface: interface, capture: number - 1, captureCount: count, source: String(words[8]))
    }

    /// The comment that ``init(comment:)`` reads.
    package var comment: String {
        "vrrpwatch: interface \(interface) of capture \(capture + 1) of \(captureCount): \(source)"
    }
}
