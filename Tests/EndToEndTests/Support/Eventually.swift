/// Waits until a condition holds; that it never does is an error.
func eventually(
    _ what: String,
    lookingEvery pause: Duration = .milliseconds(20),
    _ condition: () throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try !condition() {
        guard ContinuousClock.now < deadline else { throw LabProcess.Missing(description: "no \(what)") }
        try await Task.sleep(for: pause)
    }
}
