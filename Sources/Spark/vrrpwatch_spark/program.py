"""The vrrpwatch program as a function: a capture becomes an extract, and extracts become a report."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

Json = dict[str, Any]

# The program's exit status for an input that is damaged, of which the rest was read all the same.
DAMAGED = 2
# The program's exit status for a finding that --fail-on names; nobody here asks for it.
DONE = 0


@dataclass(frozen=True)
class Problem:
    """A reason to trust a file less, or the reason for which the file was not read.

    ``kind`` is one of the kinds of vrrpwatch.report/1, or ``unreadable`` where nothing could be read. ``offset`` is a byte
    of the file and ``frame`` a number from 1; both are ``None`` where the problem has no place.
    """

    file: str
    kind: str
    message: str
    offset: int | None = None
    frame: int | None = None


@dataclass(frozen=True)
class Extract:
    """The facts about a file that was read, of which the relevant packets are in an extract.

    ``sensor`` is the name of the sensor that captured, ``None`` where nothing names one. ``first`` is the instant of the
    first packet as RFC 3339 text. ``size`` counts bytes of the file after decompression.
    """

    file: str
    sensor: str | None = None
    first: str | None = None
    size: int = 0
    packets: int = 0
    kept: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def order(self) -> tuple[str, str]:
        """The place among all extracts: by time, then by name, whoever was ready first."""
        return (self.first or "9999", self.file)


def _said(text: bytes, status: int) -> str:
    lines = [line for line in text.decode("utf-8", "replace").splitlines() if line]
    if lines:
        return lines[-1].removeprefix("vrrpwatch: ")
    if status < 0:
        return f"vrrpwatch was ended by signal {-status}"
    return f"vrrpwatch ended with status {status} and said nothing"


def _environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@contextmanager
def extract(
    program: str, file: str, sensor: str | None = None, stream: IO[bytes] | None = None
) -> Iterator[tuple[Extract, Path | None]]:
    """Lend the extract of a file: the facts, and where its relevant packets are as pcapng, ``None`` for none.

    A file that cannot be read has a problem, and raises nothing. ``program`` is the path of vrrpwatch. ``stream`` brings the
    bytes of files that are not on this machine. Raises ``OSError`` where the program itself cannot be run or the disk is full:
    that is a fault of the machine, and Spark tries the task on another one.
    """
    with tempfile.TemporaryDirectory(prefix="vrrpwatch-") as folder:
        content, summary = Path(folder, "extract.pcapng"), Path(folder, "summary.json")
        words = [program, "extract", "--quiet", "-w", str(content), "--summary", str(summary)]
        words += ["--sensor", sensor] if sensor else []
        # A file whose name begins with a hyphen is none of the options.
        words += ["-", "--origin", file] if stream else ["--", file]
        process = subprocess.run(words, stdin=stream or subprocess.DEVNULL, capture_output=True, env=_environment())
        if process.returncode not in (DONE, DAMAGED) or not summary.exists():
            message = _said(process.stderr, process.returncode)
            if process.returncode == 5:
                raise OSError(f"{file}: no extract could be written: {message}")
            yield Extract(file, problems=[Problem(file, "unreadable", message)]), None
            return
        account: Json = json.loads(summary.read_text("utf-8"))
        problems = [
            Problem(file, str(item["kind"]), str(item["message"]), item["offset"], item["frame"])
            for capture in account["captures"]
            for item in capture["problems"]
        ]
        sensors = [capture["sensor"] for capture in account["captures"] if capture["sensor"]]
        firsts = [capture["firstPacket"] for capture in account["captures"] if capture["firstPacket"]]
        facts = Extract(
            file,
            sensors[0] if sensors else sensor,
            min(firsts) if firsts else None,
            account["bytes"],
            account["packets"],
            account["kept"],
            problems,
        )
        yield facts, content if account["packets"] else None


@dataclass(frozen=True)
class Judgement:
    """The report on a group of files as vrrpwatch.report/1, and a page for each incident by the incident's number."""

    report: Json
    pages: dict[int, bytes]


_INSTANT = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{9})Z$")


def _run(words: Sequence[str]) -> bytes:
    process = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, env=_environment())
    # Damage of the files is in the table of problems already; an extract that is read back whole has none.
    if process.returncode not in (DONE, DAMAGED):
        message = _said(process.stderr, process.returncode)
        raise OSError(f"{' '.join(words[:2])} failed with status {process.returncode}: {message}")
    return process.stdout


def judge(program: str, paths: Sequence[str], segments: bytes | None = None, pages: bool = True) -> Judgement:
    """Return what vrrpwatch says of the extracts of one group together, in their order.

    Raises ``OSError`` where the program fails, so that Spark tries again elsewhere.
    """
    if not paths:
        return Judgement({}, {})
    with tempfile.TemporaryDirectory(prefix="vrrpwatch-") as folder:
        words: list[str] = []
        if segments is not None:
            Path(folder, "segments").write_bytes(segments)
            words = ["--segments", str(Path(folder, "segments"))]
        report: Json = json.loads(_run([program, "analyze", "--json", *words, *paths]))
        shown: dict[int, bytes] = {}
        for incident in report["incidents"] if pages else []:
            times = ["--from", _floor(incident["start"]), "--to", _ceiling(incident["end"])]
            title = f"Incident {incident['id']}: {incident['summary']}"
            command = [program, "report", *paths, *words, *times, "--utc", "--title", title, "--format", "html", "-o", "-"]
            shown[int(incident["id"])] = _run(command).replace(os.path.dirname(paths[0]).encode() + b"/", b"")
        return Judgement(report, shown)


def _floor(instant: str) -> str:
    match = _INSTANT.match(instant)
    return f"{match[1]}Z" if match else instant


def _ceiling(instant: str) -> str:
    match = _INSTANT.match(instant)
    if not match or match[2] == "0" * 9:
        return _floor(instant)
    second = datetime.fromisoformat(match[1]).replace(tzinfo=UTC) + timedelta(seconds=1)
    return second.strftime("%Y-%m-%dT%H:%M:%SZ")
