package import VRRPTestimony
package import VRRPWire

/// A router's own log, as it was given.
package struct GivenLog: Sendable {
    /// The path of the text, as it was given.
    package var source: String
    /// The router's name or address; `nil` where nobody said whose log it is.
    package var name: String?
    package var testimony: Testimony
    /// The time by which the clocks of a log without a zone are ahead of UTC at an instant.
    package var local: @Sendable (CaptureInstant) -> TimeSpan

    package init(
        source: String,
        name: String?,
        testimony: Testimony,
        local: @escaping @Sendable (CaptureInstant) -> TimeSpan = { _ in .zero }
    ) {
        self.source = source
        self.name = name
        self.testimony = testimony
        self.local = local
    }
}
