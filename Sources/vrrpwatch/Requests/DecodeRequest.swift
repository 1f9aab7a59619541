internal import Glibc
internal import VRRPCapture

/// A line for each relevant packet of files or interfaces.
struct DecodeRequest {
    var form: PacketForm
    var output: OutputOptions
    var traffic: TrafficOptions
    var limit: LimitOptions
    var points: PointOptions

    /// Prints the packets of files.
    ///
    /// - Throws: ``Failure`` where a file cannot be read or the output fails.
    func run(files paths: [String], _ salvage: SalvageOptions) throws -> ExitStatus {
        var reading = try MergedFiles.Options(traffic, salvage, isVerbose: output.verbose, isQuiet: output.quiet)
        // Lines of packets and a bar on one terminal would spoil each other.
        reading.showsProgress = isatty(STDOUT_FILENO) == 0
        reading.points = points.places
        reading.showsPlaces = true
        var captures = try MergedFiles(paths: paths, reading)
        let output = try Output(path: output.output)
        var reader = PacketPrinter(self, output, keys: captures.keys)
        try captures.read(into: &reader)
        try output.finish()
        // Where there was no frame, there is no silence to tell of.
        if captures.latest != nil {
            reader.tellSilence("`vrrpwatch analyze` of the same files says what to check next")
        }
        return captures.reportDamage() ? .damagedInput : .done
    }

    /// Prints the packets of interfaces until a signal, the limit or the end of an interface.
    ///
    /// - Throws: ``Failure`` where an interface cannot be opened or the output fails.
    func run(
        interfaces: [String],
        _ live: LiveOptions,
        _ patience: PatienceOptions,
        _ privileges: PrivilegeOptions
    ) throws -> ExitStatus {
        let input = try LiveRun.Input(interfaces, live, patience, traffic.filter, traffic.keys)
        let service = try LiveService(
            LiveService.Settings(privileges: privileges),
            output: output.output,
            namesInterfaces: false,
            isPatient: patience.wait
        )
        let (end, printer) = try LiveRun.run(
            input,
            service,
            output: output.output,
            endingAt: [SIGINT, SIGTERM, SIGHUP]
        ) { _, output in
            LivePacketPrinter(PacketPrinter(self, output, keys: input.keys), output)
        }
        try printer.output.finish()
        printer.tellSilence()
        guard let error = end.error else { return .done }
        Diagnostics.say(error.message)
        return .captureEnded
    }
}
