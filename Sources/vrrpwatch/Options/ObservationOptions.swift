internal import ArgumentParser

/// The options that watching interfaces and analysing files share.
struct ObservationOptions: ParsableArguments {
    @OptionGroup var output: OutputOptions
    @OptionGroup var traffic: TrafficOptions
    @OptionGroup var limit: LimitOptions
    @OptionGroup var configurations: ConfigurationOptions
    @OptionGroup var verdict: VerdictOptions
}
