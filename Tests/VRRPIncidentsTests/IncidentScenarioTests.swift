import Testing
import VRRPTestSupport

@Suite struct IncidentScenarioTests {
    @Test(arguments: try GoldenFile.names(beside: #filePath))
    func scenario(_ name: String) throws {
        try expectScenarios(in: name, beside: #filePath)
    }
}
