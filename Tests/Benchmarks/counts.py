"""Counts what vrrpwatch spends on a packet: instructions and allocations, under callgrind.

Prints a line for each kind of packet: its name, instructions, allocations.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import inputs

FEW, MANY = 100_000, 200_000
KINDS = {
    "irrelevant": inputs.irrelevant,
    "steady": lambda count: inputs.adverts(count, 1000, failover=None),
}
ALLOCATING = ("malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc")


def count(tool, folder):
    """For each kind of packet its name, instructions and allocations: what more of them cost, by their number."""
    # Debug information of newer compilers ends older valgrinds.
    stripped = folder / "vrrpwatch"
    subprocess.run(["objcopy", "--strip-debug", tool, stripped], check=True)
    for name, make in KINDS.items():
        totals = []
        for number in (FEW, MANY):
            path = folder / f"{name}-{number}.pcap"
            inputs.write(path, make(number))
            totals.append(callgrind(stripped, path, folder))
        yield name, *((more - less) / (MANY - FEW) for less, more in zip(*totals))


def callgrind(tool, path, folder):
    """Instructions of one analysis, and how many of its calls allocate."""
    out = folder / "callgrind.out"
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", str(tool), "analyze", str(path)]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    instructions, names, callee, allocations = 0, {}, "", 0
    for line in out.read_text(errors="replace").splitlines():
        if match := re.match(r"(c?)fn=\((\d+)\)(?: (.*))?", line):
            if match[3]:
                names[match[2]] = match[3]
            if match[1]:
                callee = names[match[2]]
        elif line.startswith("calls=") and callee in ALLOCATING:
            allocations += int(line[6:].split()[0])
        elif line.startswith("totals:"):
            instructions = int(line.split()[1])
    return instructions, allocations


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for kind, instructions, allocations in count(sys.argv[1], Path(folder)):
            print(f"{kind} {instructions:.1f} {allocations:.4f}")
