"""Counts what vrrpwatch spends on a packet: instructions and allocations, under callgrind.

Prints a line for each kind of packet: its name, instructions, allocations. Names behind the program are those of hostile kinds
(hostile.py), which are counted in their place; `hostile` stands for all.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import hostile
import inputs

FEW, MANY = 100_000, 200_000
# Frames that cost a hundred times as much are counted by fewer of them, and by so many that what comes first is paid for.
FEW_HOSTILE, MANY_HOSTILE = 4096, 8192
KINDS = {
    "irrelevant": inputs.irrelevant,
    "steady": lambda count: inputs.adverts(count, 1000, failover=None),
}
ALLOCATING = ("malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc")


def count(tool, folder, names):
    """For each kind of packet its name, instructions and allocations: what more of them cost, by their number."""
    kinds, few, many = KINDS, FEW, MANY
    if names:
        few, many = FEW_HOSTILE, MANY_HOSTILE
        kinds = {name: make for name, make in hostile.KINDS.items() if name in names or "hostile" in names}
    # Debug information of newer compilers ends older valgrinds.
    stripped = folder / "vrrpwatch"
    subprocess.run(["objcopy", "--strip-debug", tool, stripped], check=True)
    for name, make in kinds.items():
        totals = []
        for number in (few, many):
            path = folder / f"{name}-{number}.pcap"
            inputs.write(path, make(number))
            totals.append(callgrind(stripped, path, folder))
        yield name, *((more - less) / (many - few) for less, more in zip(*totals))


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
        for kind, instructions, allocations in count(sys.argv[1], Path(folder), sys.argv[2:]):
            print(f"{kind} {instructions:.1f} {allocations:.4f}", flush=True)
