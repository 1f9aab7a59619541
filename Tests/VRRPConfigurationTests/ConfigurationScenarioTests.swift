import Foundation
import Testing
import VRRPConfiguration
import VRRPFindings
import VRRPTestSupport

@Suite struct ConfigurationScenarioTests {
    @Test(arguments: try GoldenFile.names(beside: #filePath))
    func scenario(_ name: String) throws {
        var file = try GoldenFile(name, beside: #filePath)
        #expect(!file.cases.isEmpty)
        for index in file.cases.indices {
            let actual = try ConfigurationScenario(file.cases[index].directive).answers()
            if GoldenFile.isRewriting {
                file.cases[index].expected = actual
            } else {
                let expected = file.cases[index].expected
                #expect(actual == expected, "\(name), the case at line \(file.cases[index].line)")
            }
        }
        if GoldenFile.isRewriting { try file.rewrite() }
    }

    @Test("a password never shows, in no text that a configuration leads to")
    func secrets() throws {
        let text = """
            vrrp_instance VI_1 {
                virtual_router_id 51
                authentication {
                    auth_type PASS
                    auth_pass hunter2hunter2
                    auth_pass=hunter2
                    hunter2
                }
                auth_hmac {
                    key 1 hunter2hunter2hunter2hunter2hunter2
                    key hunter2
                    hunter2
                    active_key 1
                }
                auth_pass hunter2
                virtual_ipaddress {
                    10.0.0.100
                }
            }
            """
        let files = ConfigurationTexts(["a": text, "b": text.replacing("hunter2h", with: "hunter3h")])
        let routers = try ["a", "b"].map { try ConfigurationReader.read($0, from: files) }
        for finding in Catalogue.findings(in: routers) {
            #expect(!finding.summary.contains("hunter"), "\(finding.rule.id)")
        }
        #expect(!"\(routers.map(\.instances))".contains("hunter"))
        for unknown in routers.flatMap(\.unknown) { #expect(!unknown.keyword.contains("hunter")) }
    }
}
