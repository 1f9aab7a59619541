"""Runs the commands of an article of the handbook, and prints a line for each that is not as the article says.

    commands.py VRRPWATCH FOLDER ARTICLE [NAMESPACE]

FOLDER, where the commands run one after the other, is a folder of its own with the recordings. The first word behind the fence says
what a block is:

    console    commands behind `$ `, each with what it prints
    shell      a script that prints nothing worth showing
    lab        like console, run in NAMESPACE, where keepalived speaks on eth0; a command that does not end by itself is interrupted
    elsewhere  commands that need another machine, or change this one: not run, but each begins with a word of ELSEWHERE
    text       what a file or a screen holds; no command

A line of output that is only `…` stands for any lines, and `…` within a line for any text. With VRRPWATCH_REWRITE=1 the output of a
command that printed something else is written into the article. Options and commands of vrrpwatch in the prose and in blocks that are
not run are looked up in its help.
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys

# The programs of commands that the tests cannot run, and why.
ELSEWHERE = {
    "adduser": "changes the users",
    "apt": "installs",
    "arping": "answers for a virtual address",
    "cp": "reads what a package installed",
    "dnf": "installs",
    "ip": "changes interfaces",
    "journalctl": "reads the journal of a machine that runs the service",
    "ln": "links below /var",
    "setcap": "changes the rights of a file",
    "ssh": "needs another host",
    "systemctl": "needs systemd as the first process",
    "tcpdump": "captures until it is ended",
    "tee": "writes below /etc",
    "wireshark": "opens a window",
}
KINDS = ("console", "shell", "lab", "elsewhere", "text")
# A command in the lab is interrupted after so many seconds, as a person presses Ctrl-C.
PATIENCE = "8"


class Article:
    def __init__(self, file, program):
        self.file, self.program = file, program
        self.source = file.read_text().split("\n")
        # Blocks of lists stand as far in as the list's text; their lines are looked at without that.
        self.indentations = list(self.find_indentations())
        self.lines = [line[depth:] for line, depth in zip(self.source, self.indentations)]
        self.problems = []
        self.help = {}

    def find_indentations(self):
        depth, inside = 0, False
        for line in self.source:
            fence = re.match(r" *(?=```)", line)
            if fence and not inside:
                depth = len(fence[0])
            yield depth
            if fence:
                inside = not inside
                depth = depth if inside else 0

    def complain(self, index, text):
        self.problems.append(f"{self.file.name}:{index + 1}: {text}")

    def blocks(self):
        """Each block as its kind and the positions of its first line and of the one behind its last."""
        start = kind = None
        for index, line in enumerate(self.lines):
            if not line.startswith("```"):
                continue
            if start is None:
                start, kind = index + 1, line[3:].strip()
                if kind not in KINDS:
                    self.complain(index, f"a block is of one of the kinds {', '.join(KINDS)}, not '{kind}'")
            else:
                yield kind, start, index
                start = None
        if start is not None:
            self.complain(start - 1, "the block does not end")

    def prose(self):
        inside = False
        for index, line in enumerate(self.lines):
            if line.startswith("```"):
                inside = not inside
            elif not inside:
                yield index, line

    # MARK: Commands

    def commands(self, start, end):
        """Each command as its text, its position, and the positions of its output."""
        index = start
        while index < end:
            if not self.lines[index].startswith("$ "):
                self.complain(index, "the block begins with something else than a command")
                return
            first = index
            text = self.lines[index][2:]
            while text.endswith("\\") and index + 1 < end:
                index += 1
                text += "\n" + self.lines[index]
            index += 1
            output = index
            while index < end and not self.lines[index].startswith("$ "):
                index += 1
            yield text, first, output, index

    def run(self, text, folder, namespace, is_script=False):
        environment = dict(os.environ, TZ="UTC", NO_COLOR="1", LC_ALL="C.UTF-8", PATH=f"{folder.parent}/bin:{os.environ['PATH']}")
        environment.pop("JOURNAL_STREAM", None)
        # The shell outlives Ctrl-C, as the one at a terminal does, and tells how the command ended.
        command = ["sh", "-ec" if is_script else "-c", "exec 2>&1\ntrap : INT\n" + text]
        if namespace:
            patient = ["timeout", "--preserve-status", "--signal=INT", "--kill-after=20", PATIENCE]
            command = ["ip", "netns", "exec", namespace, *patient, *command]
        else:
            # What runs too long ends with all that it started.
            command = ["timeout", "--kill-after=5", "60", *command]
        result = subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        return result.returncode, result.stdout.decode(errors="replace")

    def try_all(self, folder, namespace, is_rewriting):
        changes = []
        for kind, start, end in self.blocks():
            if kind == "shell":
                status, output = self.run("\n".join(self.lines[start:end]), folder, None, is_script=True)
                if status:
                    self.complain(start, f"the script ends with status {status}: {output}")
            elif kind == "lab" and not namespace:
                self.complain(start, "a block of kind lab needs a namespace")
            elif kind in ("console", "lab"):
                for text, first, output_start, output_end in self.commands(start, end):
                    status, output = self.run(text, folder, namespace if kind == "lab" else None)
                    if status:
                        self.complain(first, f"the command ends with status {status}: {text}\n{output}")
                        continue
                    actual = output.split("\n")[:-1] if output.endswith("\n") else output.split("\n") if output else []
                    expected = self.lines[output_start:output_end]
                    if matches(expected, actual):
                        continue
                    if is_rewriting:
                        changes.append((output_start, output_end, actual))
                    else:
                        self.complain(first, f"this command prints something else: {text}\n{output}")
            elif kind == "elsewhere":
                self.look_elsewhere(start, end)
            elif kind == "text":
                for index in range(start, end):
                    if re.match(r"(\$ |sudo |vrrpwatch )", self.lines[index]):
                        self.complain(index, "a block of kind text holds a command")
                    self.look_up_calls(index)
        for start, end, actual in reversed(changes):
            self.source[start:end] = [" " * self.indentations[start - 1] + line if line else "" for line in actual]
        if changes:
            self.file.write_text("\n".join(self.source))

    def look_elsewhere(self, start, end):
        goes_on = False
        if all(re.match(r"(sudo )?vrrpwatch [^|]*$", line) for line in self.lines[start:end]):
            self.complain(start, "commands of vrrpwatch alone can be run: make the block a console, a shell or a lab")
        for index in range(start, end):
            line = self.lines[index]
            was_going_on, goes_on = goes_on, line.endswith("\\")
            if was_going_on or not line.strip() or line.startswith("#"):
                continue
            for part in re.split(r"\s(?:\||&&)\s", line):
                words = part.split()
                word = words[1] if words[0] == "sudo" else words[0]
                # What vrrpwatch makes of what another command got is looked up below.
                if word != "vrrpwatch" and word not in ELSEWHERE:
                    self.complain(index, f"'{word}' is no program of which it is known why it is not run")
            self.look_up_calls(index)

    # MARK: Options

    def help_of(self, name):
        if name not in self.help:
            arguments = [self.program] + ([name] if name else []) + ["--help"]
            result = subprocess.run(arguments, capture_output=True, text=True)
            self.help[name] = result.stdout if result.returncode == 0 else ""
        return self.help[name]

    def subcommands(self):
        return re.findall(r"^  (\w+) {2,}", self.help_of("").split("SUBCOMMANDS:")[-1], re.M)

    def look_up_calls(self, index):
        for call in re.findall(r"\bvrrpwatch(?:-live)?((?: [^|&;'\"]*)?)", self.lines[index]):
            self.look_up(index, call)

    def look_up(self, index, call):
        """Complains of options that the command's help does not name."""
        try:
            words = shlex.split(call.split(" > ")[0])
        except ValueError:
            words = call.split()
        name = words[0] if words and words[0] in self.subcommands() else None
        texts = [self.help_of(name)] if name else [self.help_of(other) for other in ("watch", "analyze")]
        for word in words:
            option = word.split("=")[0]
            if re.fullmatch(r"--?[a-zA-Z][\w-]*", option) and not any(knows(text, option) for text in texts):
                self.complain(index, f"vrrpwatch{call} has an option {option} that the help does not name")

    def look_at_prose(self):
        every = [self.help_of(name) for name in self.subcommands()]
        for index, line in self.prose():
            for quoted in re.findall(r"`([^`]+)`", line):
                if re.match(r"vrrpwatch(-live)? ", quoted):
                    self.look_up(index, " " + quoted.split(" ", 1)[1])
                elif re.fullmatch(r"--[a-z][\w-]*( .*)?", quoted):
                    option = quoted.split()[0]
                    if not any(knows(text, option) for text in every):
                        self.complain(index, f"no command has an option {option}")


def knows(text, option):
    return re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", text) is not None


def line_matches(pattern, line):
    if "…" not in pattern:
        return pattern == line
    return re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), line) is not None


def matches(expected, actual):
    """Whether lines are as expected; a line `…` stands for any lines."""
    reached = {0}
    for pattern in expected:
        if pattern.strip() == "…":
            reached = set(range(min(reached), len(actual) + 1)) if reached else reached
        else:
            reached = {at + 1 for at in reached if at < len(actual) and line_matches(pattern, actual[at])}
        if not reached:
            return False
    return len(actual) in reached


def make_programs(folder, program):
    """Programs by the names that the handbook calls them by: the one under test, and sudo, which root needs not."""
    folder.mkdir()
    for name in ("vrrpwatch", "vrrpwatch-live"):
        (folder / name).symlink_to(program)
    (folder / "sudo").write_text('#!/bin/sh\nexec "$@"\n')
    (folder / "sudo").chmod(0o755)


def main():
    program, folder, name = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
    namespace = sys.argv[4] if len(sys.argv) > 4 else None
    make_programs(folder.parent / "bin", program)
    article = Article(name, program)
    article.look_at_prose()
    article.try_all(folder, namespace, os.environ.get("VRRPWATCH_REWRITE") == "1")
    for problem in article.problems:
        print(problem)


main()
