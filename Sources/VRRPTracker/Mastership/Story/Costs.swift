/// The events that a story pays for, each as the negative logarithm of how likely it is.
///
/// A cost is an order of magnitude: where a verdict hangs on the exact number it is uncertain.
package enum Cost: Int, CaseIterable, Sendable {
    /// A router stops without a word.
    case stops
    /// A router that was down hears again: it was started.
    case starts
    /// A router that was stalled goes on: its identification goes on by one.
    case resumes
    /// A router that was down is master at once.
    case jumps
    /// Adverts begin to be lost on the way to a router.
    case goesDeaf
    /// They end to be lost.
    case hearsAgain
    /// A single one of them gets through.
    case hearsOne
    /// An act that the protocol forbids.
    case againstTheRules
    /// An act that one of two possible settings explains.
    case unknown
    /// Settings were changed before they showed on the wire.
    case reloaded
    /// An advert that was due is missing, one of the first three.
    case late
    /// One of the later ones.
    case veryLate
    /// One is missing, and a takeover shows that others missed it too.
    case lateAndReplaced
    /// One is missing, and the identification shows that it was sent and lost on the way.
    case lateButSent
    /// An advert comes by chance just when another cause would have brought it, or a master that nobody held back leaves its
    /// cadence: about one interval in twenty is as near.
    case coincidence
    /// A deaf master, whose timer nothing holds back, is late.
    case lateThoughDeaf
    /// A master that hears speaks sooner than an advert that it rejected lets it.
    case earlyThoughHeldBack
    /// A master is silent beside a lesser one that it accepts, which it would answer.
    case silentBesideLesser
    /// A capture begins with a router as master that has not been heard.
    case masterBefore
    /// A capture begins with a router that is deaf.
    case deafBefore
    /// An advert crosses on the way with the one that makes its sender yield.
    case crosses
    /// A Backup waits for longer than Master_Down_Interval beside a master that it rejects; keepalived 1.x does.
    case waits
    /// A master's adverts begin to be lost on the way to everybody.
    case losesItsAdverts
    /// One of them is lost.
    case isLost
    /// A single one gets through.
    case heardOnce
    /// A claim, beside a Backup that keeps silent.
    case claims

    /// Orders of magnitude, found on recordings of keepalived and FRR, and held to recordings that had no part in it.
    var standard: Float {
        switch self {
        case .stops, .starts, .resumes, .jumps: [4, 1, 1, 3][rawValue]
        case .goesDeaf: 5
        case .hearsAgain: 0.5
        case .hearsOne: 0.8
        case .againstTheRules: 6
        case .unknown, .reloaded: 0.4
        case .late: 0.8
        case .veryLate: 2.5
        case .lateAndReplaced: 2.2
        case .lateButSent: 0.15
        case .coincidence: 3
        case .lateThoughDeaf: 1.5
        case .earlyThoughHeldBack: 1
        case .silentBesideLesser, .waits: 2
        case .masterBefore: 1.5
        case .deafBefore: 3
        case .losesItsAdverts: 5.5
        case .isLost: 0.1
        case .heardOnce: 0.8
        case .claims: 0.2
        case .crosses: 1
        }
    }
}

/// The one table of costs.
package struct Costs: Sendable {
    private var values: [Float]

    package static let standard = Costs(values: Cost.allCases.map(\.standard))

    subscript(cost: Cost) -> Float { values[cost.rawValue] }

    /// The table with one cost multiplied, to see how little hangs on it.
    package func multiplying(_ cost: Cost, by factor: Float) -> Costs {
        var other = self
        other.values[cost.rawValue] *= factor
        return other
    }
}
