internal import VRRPTestimony
internal import VRRPWire

/// The name under which a log speaks of an instance.
struct InstanceName: Hashable {
    var name: String?
    var vrid: UInt8?
    var family: AddressFamily?

    /// `nil` for a statement about the daemon as a whole.
    init?(_ statement: Statement) {
        guard statement.instance != nil || statement.vrid != nil else { return nil }
        name = statement.instance
        vrid = statement.vrid
        family = statement.family
    }

    /// The number at the end of the name: 51 of `VI_51`.
    var number: UInt8? {
        guard let name else { return vrid }
        let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }
        return UInt8(String(digits.reversed()))
    }
}

/// The instants at which an instance became master and ceased to be, by the log and its clock.
struct LogCourse {
    var instance: InstanceName
    var begins: [CaptureInstant] = []
    var ends: [CaptureInstant] = []

    /// The number of changes that are looked at.
    private static let most = 256

    /// The courses of all instances that a log speaks of.
    ///
    /// - Parameters:
    ///   - statements: the statements in the order of the log.
    ///   - instants: the time of each by the log's clock; `nil` for one without.
    /// - Returns: in the order of their first appearance.
    static func all(_ statements: [Statement], at instants: [CaptureInstant?]) -> [Self] {
        var courses: [Self] = []
        var places: [InstanceName: Int] = [:]
        var masters: Set<InstanceName> = []
        for (statement, instant) in zip(statements, instants) {
            if statement.kind.breaksOff { masters = [] }
            guard let name = InstanceName(statement) else { continue }
            let place = places[name] ?? courses.count
            if place == courses.count {
                places[name] = place
                courses.append(Self(instance: name))
            }
            guard let instant else { continue }
            switch statement.kind {
            case .master:
                if masters.insert(name).inserted, courses[place].begins.count < most {
                    courses[place].begins.append(instant)
                }
            case .backup, .fault, .initialize, .resigned:
                // Of a daemon that was just started nobody knows when it ceased.
                if masters.remove(name) != nil, !statement.isInitial, courses[place].ends.count < most {
                    courses[place].ends.append(instant)
                }
            default: break
            }
        }
        return courses
    }
}
