import Testing
import VRRPTestSupport

@Suite struct ScenarioTests {
    @Test(arguments: try GoldenFile.names(beside: #filePath))
    func scenario(_ name: String) throws {
        var file = try GoldenFile(name, beside: #filePath)
        #expect(!file.cases.isEmpty)
        for index in file.cases.indices {
            let actual = try Scenario.run(file.cases[index].directive)
            if GoldenFile.isRewriting {
                file.cases[index].expected = actual
            } else {
                let expected = file.cases[index].expected
                #expect(actual == expected, "\(name), the case at line \(file.cases[index].line)")
            }
        }
        if GoldenFile.isRewriting { try file.rewrite() }
    }
}
