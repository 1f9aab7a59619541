package import VRRPWire

/// A story before it is played: the routers, the network, and what is done to them when.
///
/// The same plan always plays the same way. It can be cut down piece by piece, which is how a failing one is made small.
package struct StoryPlan: Hashable, Sendable {
    package struct Router: Hashable, Sendable {
        package var address: IPAddress
        package var daemon: Daemon
        package var settings: RouterSettings
        /// The number of seconds on the router's own clock that pass in a second.
        package var clockRate = 1.0
        /// The identification of its first advertisement, as if it had run before.
        package var firstIdentification: UInt16 = 1

        package init(address: IPAddress, daemon: Daemon, settings: RouterSettings) {
            self.address = address
            self.daemon = daemon
            self.settings = settings
        }
    }

    /// Something that is done at a time.
    package struct Step: Hashable, Sendable {
        package var time: TimeSpan
        package var deed: Deed

        package init(_ time: TimeSpan, _ deed: Deed) {
            self.time = time
            self.deed = deed
        }
    }

    /// An action on a router, the network or the captures; routers are named by their position.
    package enum Deed: Hashable, Sendable {
        case start(Int)
        case stop(Int)
        case kill(Int)
        /// The process does not run; what arrives waits for it (SIGSTOP).
        case stall(Int)
        case resume(Int)
        case cutLink(Int)
        case mendLink(Int)
        /// Adverts get lost on the way to the router, or from it, in that many of 100 cases.
        case loseInbound(Int, percent: Int)
        case loseOutbound(Int, percent: Int)
        /// These routers and the rest cannot reach each other; nobody heals.
        case part(Set<Int>)
        case reload(Int, RouterSettings)
        /// Another daemon is installed, for the next start.
        case install(Int, Daemon)
        case track(Int, priority: UInt8)
        /// The captures miss that many of 100 frames.
        case loseAtCapture(percent: Int)
    }

    /// The permanent behaviour of the network and the machines.
    package struct Conditions: Hashable, Sendable {
        /// The way from router to router takes from the one to the other.
        package var shortestDelay = TimeSpan(nanoseconds: 15_000)
        package var longestDelay = TimeSpan(nanoseconds: 80_000)
        /// A timer is late by up to this.
        package var timerLateness = TimeSpan(nanoseconds: 600_000)
        /// In one of so many cases a timer is late by up to ``rareLateness``; 0 for never.
        package var rareEvery = 60
        package var rareLateness = TimeSpan.milliseconds(15)
        /// Adverts that arrive twice, of 1000.
        package var duplicatesPerMille = 0
        /// Captures state instants that are off by up to this.
        package var captureJitter = TimeSpan(nanoseconds: 5000)

        package init() {}
    }

    /// The noise of network and machines follows from it.
    package var seed: UInt64
    package var routers: [Router]
    /// In order of time; those of one time in that of the list.
    package var steps: [Step]
    package var length: TimeSpan
    package var conditions = Conditions()

    package init(seed: UInt64, routers: [Router], steps: [Step], length: TimeSpan) {
        self.seed = seed
        self.routers = routers
        self.steps = steps
        self.length = length
    }

    /// The shortest interval that a router begins with.
    package var shortestInterval: TimeSpan { routers.map(\.settings.interval).min() ?? .seconds(1) }
}

extension StoryPlan.Deed {
    /// The router it is done to, where there is one.
    package var router: Int? {
        switch self {
        case .start(let router), .stop(let router), .kill(let router), .stall(let router), .resume(let router),
            .cutLink(let router), .mendLink(let router), .loseInbound(let router, _), .loseOutbound(let router, _),
            .reload(let router, _), .install(let router, _), .track(let router, _):
            router
        case .part, .loseAtCapture: nil
        }
    }
}
