/// The kinds of stories, by what happens in them.
package enum StoryKind: String, CaseIterable, Hashable, Sendable {
    /// Routers start, and nothing goes wrong.
    case quiet
    /// Processes die, are restarted, and are stopped.
    case restarts
    /// Processes do not run for a while.
    case stalls
    /// Links fail.
    case links
    /// Adverts get lost, to a router or from it, some or all.
    case loss
    /// The network falls in two halves, each with a capture.
    case partition
    /// Priorities move by tracking.
    case tracking
    /// Priorities, addresses and intervals are changed by reloads.
    case reload
    /// A setting is changed on one router after the other.
    case rolling
    /// Two routers never agreed.
    case misconfiguration
    /// Another version is installed on one router after the other.
    case upgrade
    /// All of these, one after the other and at once.
    case everything

    /// Whether the routers agree and hear each other all the time.
    package var isBenign: Bool { self == .quiet || self == .restarts || self == .upgrade }
}
