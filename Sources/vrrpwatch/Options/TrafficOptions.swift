internal import ArgumentParser

/// The traffic that is looked at, and the keys that it is checked against.
struct TrafficOptions: ParsableArguments {
    @OptionGroup var filter: FilterOptions
    @OptionGroup var keys: KeyOptions
}

extension MergedFiles.Options {
    /// The way in which files are to be read.
    ///
    /// - Throws: ``Failure`` with status 3 where the keys cannot be read.
    init(
        _ traffic: TrafficOptions,
        _ salvage: SalvageOptions,
        isVerbose: Bool = false,
        isQuiet: Bool = false
    ) throws {
        self.init(
            filter: traffic.filter.filter,
            salvages: salvage.salvage,
            isVerbose: isVerbose,
            isQuiet: isQuiet,
            keys: try traffic.keys.ring()
        )
    }
}
