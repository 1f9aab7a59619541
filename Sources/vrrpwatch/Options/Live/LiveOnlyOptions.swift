/// Options that capture files have no use for.
protocol LiveOnlyOptions {
    /// The options that were given, as they are typed.
    var given: [String] { get }
}

extension LiveOnlyOptions {
    /// Refuses the options for capture files.
    ///
    /// - Throws: ``Failure`` with status 64 where one was given.
    func refuseForFiles() throws {
        guard let option = given.first else { return }
        throw Failure.usage("\(option) is for live capture only; leave it out for capture files")
    }
}
