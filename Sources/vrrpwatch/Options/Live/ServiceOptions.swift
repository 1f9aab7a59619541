internal import ArgumentParser

/// The files and programs beside the events, and the rights that a capture keeps.
struct ServiceOptions: ParsableArguments, LiveOnlyOptions {
    @OptionGroup var recording: RecordingOptions
    @OptionGroup var monitoring: MonitoringOptions
    @OptionGroup var privileges: PrivilegeOptions

    var settings: LiveService.Settings {
        LiveService.Settings(
            recording: recording.isStream ? nil : recording.file.map { (path: $0, rotation: recording.rotation) },
            streams: recording.isStream,
            sensor: recording.sensor,
            evidence: recording.evidence.map {
                (path: $0, minutes: recording.evidenceMinutes, files: recording.evidenceFiles)
            },
            metricsFile: monitoring.metricsFile,
            program: monitoring.program.map { (path: $0, timeout: monitoring.timeout) },
            privileges: privileges
        )
    }

    var given: [String] { recording.given + monitoring.given + privileges.given }
}
