internal import Testing

/// Runs the cases of a file of scenarios and expects their answers; with `VRRPWATCH_REWRITE=1` it writes the answers into
/// the file instead.
///
/// - Parameters:
///   - name: the file in the folder `Scenarios` beside a source file.
///   - source: the path of that source file.
/// - Throws: the error of a file that cannot be read, or of a line that makes no sense.
package func expectScenarios(in name: String, beside source: String) throws {
    var file = try GoldenFile(name, beside: source)
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
