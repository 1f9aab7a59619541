"""Measures what vrrpwatch holds in memory at the most, for captures below 50 MB that nobody made for its comfort.

Prints a line for each: its name, the form of the report, resident kilobytes, the exit status.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import inputs

KINDS = {
    "crowd": lambda: inputs.crowd(25_000, 2, 8),
    "routers": lambda: inputs.crowd(780, 64, 8),
    "disagreement": lambda: inputs.disagreement(25_000, 8),
    "changes": lambda: inputs.changes(5_000, 40),
    "handovers": lambda: inputs.handovers(1_000, 200),
    "claims": lambda: inputs.claims(5_000, 80),
}
FORMS = ("text", "json", "html", "csv")


def resident(tool, form, capture, folder):
    """Kilobytes of one analysis, and its exit status."""
    out = folder / f"out.{form}"
    words = ["report", str(capture), "-o", str(out)]
    if form in ("text", "json"):
        words = ["analyze", "--format", form, str(capture), "-o", str(out)]
    child = subprocess.Popen([tool, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    for path in folder.glob("out*"):
        path.unlink()
    return usage.ru_maxrss, os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in sys.argv[2:] or KINDS:
            capture = folder / "capture.pcap"
            inputs.write(capture, KINDS[kind]())
            for form in FORMS:
                print(kind, form, *resident(sys.argv[1], form, capture, folder), flush=True)
