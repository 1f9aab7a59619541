internal import ArgumentParser
internal import Glibc
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPReport

/// The command `vrrpwatch`.
@main
struct VRRPWatch: ParsableCommand {
    static let version = ProgramVersion.current

    static let configuration = CommandConfiguration(
        commandName: "vrrpwatch",
        abstract: "See who is VRRP master, when that changed, and why.",
        usage: """
            vrrpwatch SOURCE...
            vrrpwatch watch IFACE...
            vrrpwatch analyze FILE...
            vrrpwatch report FILE... -o OUT
            vrrpwatch decode SOURCE...
            vrrpwatch extract FILE... -w OUT
            vrrpwatch check CONF...
            vrrpwatch collect IFACE... -o OUT
            vrrpwatch explain [WORD]
            vrrpwatch interfaces
            vrrpwatch service unit|rules|alertmanager|dashboard
            vrrpwatch serve --sensor NAME=SOURCE...
            """,
        discussion: """
            Examples:
              vrrpwatch eth0                       watch an interface
              vrrpwatch switch.pcap                analyse a capture
              vrrpwatch r1.pcap r2.pcap --json     captures of one network, as JSON
              tcpdump -w - | vrrpwatch -           analyse what comes through a pipe
              vrrpwatch report *.pcap -o out.html  a page for people who were not there
              vrrpwatch decode switch.pcap         a line per packet
              vrrpwatch check node1.conf node2.conf  check configurations before deploying them
              vrrpwatch collect eth0 -o r1.vrrpbundle  one router's packets, settings and logs
              vrrpwatch explain split-brain        what a finding or a word means
              vrrpwatch explain capture            commands for the owners of the routers

            A SOURCE is an interface, which is watched live, or a capture file, which is analysed; -i and -r settle \
            which it is. Exit status: 0 done, 1 a finding at or above --fail-on, 2 damaged input, 3 could not start, \
            4 live capture ended early, 5 output failed, 64 wrong usage.
            """,
        version: version,
        subcommands: [
            Open.self, Watch.self, Analyze.self, Report.self, Decode.self, Explain.self, ListInterfaces.self,
            Extract.self, Check.self, Collect.self, Service.self, Serve.self,
        ],
        defaultSubcommand: Open.self
    )

    /// Runs the command line and exits with its status.
    static func main() {
        // A reader that goes away is the end of the work, not of the process: writing says so.
        signal(SIGPIPE, SIG_IGN)
        // So is a limit on the size of files: an error that writing reports.
        signal(SIGXFSZ, SIG_IGN)
        NameLookup.useFiles()
        Glibc.exit(run(CommandLine.words.dropFirst()).rawValue)
    }

    private static func run(_ arguments: ArraySlice<String>) -> ExitStatus {
        do {
            do {
                var command = try parse(Array(arguments))
                guard let command = command as? any StatusCommand else {
                    try command.run()
                    return .done
                }
                return try command.runToStatus()
            } catch let error where isForArgumentParser(error) {
                return try report(error)
            }
        } catch let failure as Failure {
            if let message = failure.message { Diagnostics.say(message) }
            return failure.status
        } catch {
            Diagnostics.say("\(error)")
            return .couldNotStart
        }
    }

    /// Parses only the subcommand that was named.
    ///
    /// Building the whole command tree takes as long as reading a small capture. Arguments that the subcommand does not
    /// understand go to the whole tree, which makes the error message and the help.
    private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
        let many = ManySources(in: arguments)
        // An error is told of the arguments as they were typed.
        if !many.isEmpty, var command = try? parsed(many.arguments) as? any SourcesCommand {
            command.sources = many.restore(command.sources)
            return command
        }
        return try parsed(arguments)
    }

    private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        let named = arguments.first.flatMap(command)
        let command = try? named?.parseAsRoot(Array(arguments.dropFirst()))
        if let command = command as? any StatusCommand { return command }
        do {
            return try parseAsRoot(arguments)
        } catch {
            throw unknownOption(in: arguments) ?? error
        }
    }

    /// Returns the complaint about an option that nobody knows; `nil` where all are known.
    ///
    /// The parser complains of a missing source first, and `vrrpwatch --verison` has none.
    private static func unknownOption(in arguments: [String]) -> (any Error)? {
        guard arguments.contains(where: { $0.hasPrefix("-") && $0.count > 1 }) else { return nil }
        do {
            _ = try parseAsRoot(arguments + ["-"])
            return nil
        } catch {
            return message(for: error).hasPrefix("Unknown option") ? error : nil
        }
    }

    /// The names of the commands that are offered.
    static var offeredCommands: [String] {
        configuration.subcommands.filter { $0.configuration.shouldDisplay }.compactMap { $0.configuration.commandName }
    }

    /// The complaint about an unknown option with the one of the options of all commands that was meant; the parser suggests the
    /// others.
    private static func withSuggestion(_ text: String) -> String {
        guard let match = text.firstMatch(of: /Unknown option '--([a-z-]+)'/), !text.contains("Did you mean"),
            let near = NearMiss.of(String(match.1), among: ["version", "help"])
        else { return text }
        return text.replacing(match.0, with: "\(match.0). Did you mean '--\(near)'?")
    }

    /// The text of a complaint or of help, in which no command is named that is not offered.
    private static func withoutHiddenCommands(_ text: String) -> String {
        let hidden = configuration.subcommands.filter { !$0.configuration.shouldDisplay }
        return hidden.compactMap { $0.configuration.commandName }.reduce(text) { text, name in
            text.replacing("vrrpwatch \(name) ", with: "vrrpwatch ")
        }
    }

    static func command(named name: String) -> (any ParsableCommand.Type)? {
        // Each command states its name: deriving one from the type's name takes as long as reading a small capture.
        configuration.subcommands.first { $0.configuration.commandName == name }
    }

    private static func isForArgumentParser(_ error: any Error) -> Bool { !(error is Failure) }

    /// Prints help and version to standard output and complaints to standard error.
    private static func report(_ error: any Error) throws -> ExitStatus {
        let message = withSuggestion(withoutHiddenCommands(fullMessage(for: error)))
        guard exitCode(for: error) == .success else {
            // The complaint repeats what was typed, which another program may have put together.
            for line in message.split(separator: "\n", omittingEmptySubsequences: false) {
                Diagnostics.write(String(line).escapedForTerminal + "\n")
            }
            return .wrongUsage
        }
        let output = try Output(path: nil)
        try output.write(message.hasSuffix("\n") ? message : message + "\n")
        try output.finish()
        return .done
    }
}

/// A command whose work ends in an exit status.
protocol StatusCommand: ParsableCommand {
    func runToStatus() throws -> ExitStatus
}

extension StatusCommand {
    func run() throws { throw ExitCode(try runToStatus().rawValue) }
}
