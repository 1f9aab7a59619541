internal import ArgumentParser

/// The options of a watch that files have no use for.
struct WatchOptions: ParsableArguments {
    @OptionGroup var live: LiveOptions
    @OptionGroup var patience: PatienceOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup var service: ServiceOptions
    @OptionGroup var once: OnceOptions

    /// Refuses the options for capture files.
    ///
    /// - Throws: ``Failure`` with status 64 where one was given.
    func refuseForFiles() throws {
        for options in [live, patience, screen, service, once] as [any LiveOnlyOptions] { try options.refuseForFiles() }
    }
}
