/// The meanings of the exit status, on which scripts rely.
enum ExitStatus: Int32 {
    case done = 0
    /// A finding at or above `--fail-on` was made.
    case finding = 1
    /// The input is damaged; what could be read was analysed and printed. Goes before ``finding``.
    case damagedInput = 2
    case couldNotStart = 3
    case captureEnded = 4
    case outputFailed = 5
    /// `EX_USAGE` of sysexits(3), as the argument parser has it.
    case wrongUsage = 64
}

/// The reason for which the work could not be done.
struct Failure: Error {
    var status: ExitStatus
    /// For standard error, without the program's name; `nil` where there is nothing to say.
    var message: String?

    init(_ status: ExitStatus, _ message: String?) {
        self.status = status
        self.message = message
    }

    /// The reader of standard output went away: it has what it wanted.
    static let readerGone = Self(.done, nil)

    static func usage(_ message: String) -> Self { Self(.wrongUsage, message) }
}
