import Foundation
import SystemPackage
import Testing

/// The completion of words in shells, asked for as the shells ask.
@Suite struct CompletionTests {
    /// Calls the function that bash calls, with the words of a command line of which the last one is to be completed.
    private static let asking = """
        source "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
        _vrrpwatch "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
        """

    @Test(
        "bash completes commands, findings, interfaces, forms and files",
        .enabled(if: Tool.isInstalled("bash"), "bash is not installed"),
        arguments: [
            (["explain", "split-b"], "split-brain"), (["watch", "l"], "lo"), (["watch", "--interface", "l"], "lo"),
            (["analyze", "--format", "m"], "markdown"), (["serv"], "service"), (["service", "da"], "dashboard"),
            (["analyze", "--fail-on", "crit"], "critical"), (["analyze", "/etc/pas"], "/etc/passwd"),
        ]
    )
    func bash(words: [String], completed: String) async throws {
        try await withTemporaryFolder { folder in
            let program = Vrrpwatch.executable.string
            let script = folder.appending(path: "vrrpwatch.bash")
            try Data(try await Vrrpwatch.run(["--generate-completion-script", "bash"]).output).write(to: script)
            let answer = try await Tool.run("bash", ["-c", Self.asking, "bash", script.path, program] + words)
            #expect(answer.split(separator: "\n").map(String.init).contains(completed), "\(answer)")
        }
    }

    @Test(
        "the scripts are well-formed, and offer no hidden command",
        arguments: ["bash", "zsh", "fish"].filter(Tool.isInstalled)
    )
    func scripts(shell: String) async throws {
        try await withTemporaryFolder { folder in
            let text = try await Vrrpwatch.run(["--generate-completion-script", shell]).text
            let script = folder.appending(path: "script")
            try Data(text.utf8).write(to: script)
            try await Tool.run(shell, "-n", script.path)
            #expect(text.contains("split-brain"))
            #expect(!text.contains("'open'"))
        }
    }
}
