package import VRRPFindings
internal import VRRPWire

extension ReportDocument {
    /// A finding of the catalogue with the name that the report gives to its virtual router.
    @dynamicMemberLookup
    package struct Finding: Sendable {
        private var finding: VRRPFindings.Finding
        /// The names of the virtual router; `nil` for a finding about the capture as a whole.
        package var name: VirtualRouterName?

        package init(_ finding: VRRPFindings.Finding, _ names: ReportNames) {
            self.finding = finding
            name = finding.virtualRouter.map { names.name($0, finding.addresses) }
        }

        /// The name of the virtual router in JSON; `nil` for a finding about the capture as a whole.
        package var virtualRouter: String? { name?.id }

        /// The name of the rule, such as `split-brain`.
        package var id: String { finding.rule.id }

        /// Whether it occurred within a span of time.
        func occurred(from: CaptureInstant, to: CaptureInstant) -> Bool { finding.occurred(from: from, to: to) }

        package subscript<Value>(dynamicMember member: WritableKeyPath<VRRPFindings.Finding, Value>) -> Value {
            get { finding[keyPath: member] }
            set { finding[keyPath: member] = newValue }
        }
    }
}
