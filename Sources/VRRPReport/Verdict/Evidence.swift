internal import VRRPFacts
internal import VRRPTracker

/// Frames of one capture, as its reader finds them again in Wireshark.
struct Evidence<Form: PageForm>: Sendable {
    /// The capture's name, linked to what is known about it.
    var capture: Markup<Form>
    /// A display filter that shows the frames.
    var filter: Markup<Form>

    private static var mostFrames: Int { 16 }

    /// Frames grouped by capture; a live capture has nothing to look at again.
    static func all(_ references: [FrameReference], in document: ReportDocument) -> [Self] {
        Set(references.map(\.capture)).sorted().compactMap { capture in
            guard document.captures.indices.contains(capture) else { return nil }
            guard document.captures[capture].description.format != .live else { return nil }
            let frames = Set(references.filter { $0.capture == capture }.map(\.frame)).sorted().prefix(mostFrames)
            let filter = "frame.number in {" + frames.map { "\($0)" }.joined(separator: ", ") + "}"
            let name = Form.name(document.shortName(ofCapture: capture))
            return Self(capture: Form.link(name, to: "capture-\(capture)"), filter: Form.code(filter))
        }
    }
}

extension ReportDocument {
    /// The capture's file name, with its folders where the name alone is not enough.
    func shortName(ofCapture index: Int) -> String {
        guard captures.indices.contains(index) else { return "capture \(index)" }
        let source = captures[index].description.source
        guard source != "-" else { return "standard input" }
        func last(_ path: String) -> Substring {
            path.split(separator: "/", omittingEmptySubsequences: false).last ?? path[...]
        }
        let name = last(source)
        let isUnique = captures.count { last($0.description.source) == name } == 1
        return isUnique && !name.isEmpty ? String(name) : source
    }
}
