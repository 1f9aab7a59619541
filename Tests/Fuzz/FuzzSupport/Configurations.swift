import VRRPConfiguration
import VRRPFindings
import VRRPReport
import VRRPWire

/// Reads bytes as the configurations of two routers, a zero byte between files, and holds them against each other.
///
/// The second router's is the first one's with a config-id; further files can be included as `1`, `2` and so on.
func exerciseConfiguration(_ bytes: Span<UInt8>, prints: Bool) {
    var texts: [String: String] = [:]
    var file: [UInt8] = []
    for index in bytes.indices where texts.count < 4 {
        if bytes[index] == 0 {
            texts["\(texts.count)"] = String(decoding: file, as: UTF8.self)
            file = []
        } else {
            file.append(bytes[index])
        }
    }
    texts["\(texts.count)"] = String(decoding: file, as: UTF8.self)
    let files = ConfigurationTexts(texts)
    var routers = ["a", nil].compactMap { id in
        try? ConfigurationReader.read("0", configID: id, mostLines: 1000, from: files)
    }
    precondition(routers.count == 2, "a file that is there can be read")
    ConfigurationReader.distinguish(&routers)
    precondition(routers[0].name != routers[1].name)
    for router in routers { check(router, texts) }
    let report = ConfigurationReport(routers, version: "1")
    for finding in report.findings {
        precondition(finding.location.line > 0 && !finding.summary.isEmpty && !finding.nodes.isEmpty)
    }
    guard prints else { return }
    var options = TextReport.Options()
    options.isVerbose = true
    precondition(!report.text(options).isEmpty && !report.json.prettyText.isEmpty)
}

/// Checks the conditions that hold for every configuration, whatever bytes were read.
private func check(_ router: RouterConfiguration, _ texts: [String: String]) {
    precondition(router.files.allSatisfy { texts[$0] != nil })
    for instance in router.instances {
        let range = instance.priorityRange
        precondition(instance.priority > 0 && range.lowerBound > 0)
        precondition(instance.possiblePriorities.contains(range.upperBound))
        precondition(instance.interval >= .zero && instance.longestMasterDownInterval >= .zero)
        precondition(instance.addresses.allSatisfy { $0.address.family == instance.family })
        precondition(instance.version == 2 || instance.version == 3)
    }
}
