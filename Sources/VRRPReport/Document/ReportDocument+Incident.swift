package import VRRPIncidents
internal import VRRPWire

extension ReportDocument {
    /// An incident with its number and the names that the report gives to virtual routers.
    @dynamicMemberLookup
    package struct Incident: Sendable {
        package var incident: VRRPIncidents.Incident
        /// The number in the order of their start, from 1.
        package var id: Int
        /// The names of the virtual routers concerned.
        package var virtualRouters: [String]
        /// The changes of master that belong to it: a virtual router, and a position among its transitions.
        package var transitions: [(virtualRouter: String, index: Int)]
        /// The positions of the findings about it in the report.
        package var findings: [Int]

        package init(_ incident: VRRPIncidents.Incident, id: Int, _ names: ReportNames) {
            self.incident = incident
            self.id = id
            virtualRouters = incident.virtualRouters.map(names.id)
            transitions = incident.transitions.map { (names.id($0.virtualRouter), $0.index) }
            findings = incident.findings
        }

        package subscript<Value>(dynamicMember member: KeyPath<VRRPIncidents.Incident, Value>) -> Value {
            incident[keyPath: member]
        }

        /// The incident in two or three sentences, with times of the given zone.
        package func story(_ time: TimeStyle) -> String {
            incident.story { time.timeOfDay($0, decimals: 0) }
        }
    }
}
