"""Runs vrrpwatch and its peers in turn over the same inputs and prints their ratios as a table.

What counts is the ratio within one run: absolute times say more about the machine than about the program.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import counts
import inputs
import plots

RELEVANT = "ip proto 112 or arp or (vlan and (ip proto 112 or arp))"


def run(command, stdin=None):
    """Seconds and peak kilobytes of one run."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit status {process.returncode}")
    return seconds, usage.ru_maxrss


def processor_time(command):
    """Seconds of processor time of one run, the system's for it included."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit status {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def rounds_of(commands, rounds):
    """The seconds of each command in each round; they run in turn so that what disturbs one disturbs the others."""
    times = {name: [] for name in commands}
    for command in commands.values():
        run(command)
    for _ in range(rounds):
        for name, command in commands.items():
            times[name].append(run(command)[0])
    return times


def medians(times):
    """The median seconds of each command."""
    return {name: statistics.median(values) for name, values in times.items()}


def ratio(times, bases):
    """The median of the ratios within rounds: a slow phase of the machine is one of both."""
    return statistics.median(time / base for time, base in zip(times, bases))


def reload(path):
    """Has a file lie in the page cache as it is read from the disk.

    Where its pages lie decides how fast they are copied, by a factor of up to two: those that were written lie as it happened,
    and differ from file to file.
    """
    with open(path, "rb", buffering=0) as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while file.read(1 << 20):
            pass


class Table:
    def __init__(self):
        self.rows = []

    def add(self, work, measure, value, bound, unit="", detail=""):
        holds = value <= bound
        self.rows.append((work, measure, f"{value:.3g}{unit}", f"{bound:g}{unit}", "yes" if holds else "NO", detail))
        print(f"{'ok ' if holds else 'NO '} {work}: {measure} {value:.3g}{unit} (at most {bound:g}{unit}) {detail}", flush=True)

    def markdown(self):
        lines = ["| work | measure | measured | bound | within | |", "|---|---|---|---|---|---|"]
        return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in self.rows]) + "\n"

    @property
    def holds(self):
        return all(row[4] == "yes" for row in self.rows)


def write_table(page, table):
    """Puts the table into the page, between its two marks."""
    begin, end = "<!-- measured -->\n", "<!-- end of what was measured -->"
    before, rest = page.read_text().split(begin)
    machine = f"Measured on {time.strftime('%Y-%m-%d')} on {processor()}, {os.cpu_count()} cores, with {versions()}."
    page.write_text(before + begin + machine + "\n\n" + table.markdown() + end + rest.split(end)[1])


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(": ")[1] for line in lines if line.startswith("model name")), os.uname().machine)


def versions():
    packages = ("tcpdump", "tshark", "gzip", "zstd", "coreutils")
    query = ["dpkg-query", "--show", "--showformat=${Package} ${Version}, ", *packages]
    kernel = f"Linux {os.uname().release.split('-')[0]}"
    return subprocess.run(query, capture_output=True, text=True, check=True).stdout + kernel


def seconds(times):
    return ", ".join(f"{name} {value * 1000:.0f} ms" for name, value in times.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool", type=Path)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--inputs", type=Path, help="a folder to keep the inputs in; a temporary one by default")
    parser.add_argument("--output", type=Path, help="a folder for the table and the plots")
    parser.add_argument("--only", nargs="*", help="some of: mixed adverts memory counts start compressed files growth")
    arguments = parser.parse_args()
    folder = arguments.inputs or Path(tempfile.mkdtemp(prefix="vrrpwatch-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        table = Bench(arguments.tool.resolve(), folder, arguments.rounds, arguments.output).run(arguments.only)
    finally:
        if not arguments.inputs:
            shutil.rmtree(folder)
    if arguments.output:
        write_table(arguments.output / "Performance.md", table)
    sys.exit(0 if table.holds else 1)


class Bench:
    def __init__(self, tool, folder, rounds, output):
        self.tool, self.folder, self.rounds, self.output = tool, folder, rounds, output
        self.table = Table()
        self.ready = set()

    def run(self, only):
        for name in only or ["mixed", "adverts", "memory", "counts", "start", "compressed", "files", "growth"]:
            getattr(self, name)()
        return self.table

    def input(self, name, make):
        path = self.folder / name
        if path not in self.ready:
            if not path.exists():
                inputs.write(path, make())
            reload(path)
            self.ready.add(path)
        return path

    @property
    def mixed_input(self):
        return self.input("mixed.pcap", lambda: inputs.mixed(1_000_000_000))

    @property
    def adverts_input(self):
        return self.input("adverts.pcap", lambda: inputs.adverts(2_000_000, 1000))

    def analyze(self, path):
        return [self.tool, "analyze", path]

    def mixed(self):
        path = self.mixed_input
        times = rounds_of(
            {
                "vrrpwatch": self.analyze(path),
                "tcpdump": ["tcpdump", "-r", path, "-w", "/dev/null", "ip proto 112 or arp"],
                "dd": ["dd", f"if={path}", "bs=256K", "of=/dev/null"],
            },
            self.rounds,
        )
        work, detail = "1 GB mixed", seconds(medians(times))
        self.table.add(work, "of tcpdump's filter pass", ratio(times["vrrpwatch"], times["tcpdump"]), 0.30, detail=detail)
        self.table.add(work, "of dd bs=256K", ratio(times["vrrpwatch"], times["dd"]), 1.5)

    def adverts(self):
        path = self.adverts_input
        times = rounds_of(
            {
                "vrrpwatch": self.analyze(path),
                "tcpdump": ["tcpdump", "-r", path, "-w", "/dev/null", RELEVANT],
            },
            self.rounds,
        )
        middle = medians(times) | {"tshark": run(["tshark", "-r", path, "-Y", "vrrp || arp"])[0]}
        work, detail = "2 million adverts", seconds(middle)
        self.table.add(work, "of tcpdump's filter pass", ratio(times["vrrpwatch"], times["tcpdump"]), 2.0, detail=detail)
        self.table.add(work, "of tshark", middle["vrrpwatch"] / middle["tshark"], 1 / 50)

    def memory(self):
        for name, path in (("1 GB mixed", self.mixed_input), ("2 million adverts", self.adverts_input)):
            self.table.add(name, "resident", run(self.analyze(path))[1] / 1000, 40, " MB")
        self.table.add("10 GB mixed", "resident", self.memory_of_a_pipe(self.mixed_input, 10) / 1000, 40, " MB")
        few, many = (
            run(self.analyze(self.input(f"speakers-{count}.pcap", lambda: inputs.both_speak(count))))[1]
            for count in (1_000, 25_000)
        )
        self.table.add("25,000 virtual routers, two speakers each", "resident each", (many - few) / 24_000, 4, " KB")

    def memory_of_a_pipe(self, path, times):
        process = subprocess.Popen([self.tool, "analyze", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        with process.stdin as pipe:
            pipe.write(inputs.HEADER)
            pipe.flush()
            for _ in range(times):
                with open(path, "rb") as file:
                    file.seek(len(inputs.HEADER))
                    while data := file.read(1 << 20):
                        pipe.write(data)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"vrrpwatch analyze -: exit status {process.returncode}")
        return usage.ru_maxrss

    def counts(self):
        bounds = {"irrelevant": ("an irrelevant frame", 60), "steady": ("an advert in steady state", 1000)}
        for name, instructions, allocations in counts.count(self.tool, self.folder):
            work, bound = bounds[name]
            self.table.add(work, "instructions", instructions, bound)
            self.table.add(work, "allocations", allocations, 0.001)

    def start(self):
        ten = self.input("ten.pcap", lambda: inputs.adverts(10, 1, failover=None))
        times = medians(rounds_of({"--version": [self.tool, "--version"], "ten": self.analyze(ten)}, self.rounds))
        self.table.add("--version", "time", times["--version"] * 1000, 15, " ms")
        self.table.add("ten packets", "time", times["ten"] * 1000, 20, " ms")

    def compressed(self):
        source = self.mixed_input
        for program, ending, options in (("gzip", "gz", ["-1"]), ("zstd", "zst", ["-3", "-q"])):
            path = self.folder / f"mixed.pcap.{ending}"
            if not path.exists():
                with open(path, "wb") as file:
                    subprocess.run([program, *options, "-c", source], stdout=file, check=True)
            reload(path)
            # These take seconds, and differ little from round to round.
            commands = {"vrrpwatch": self.analyze(path), program: [program, "-dc", path]}
            times = rounds_of(commands, max(1, self.rounds // 3))
            measured, detail = ratio(times["vrrpwatch"], times[program]), seconds(medians(times))
            self.table.add(f"1 GB in {program}", f"of {program} -dc", measured, 1.15, detail=detail)

    def files(self):
        """100,000 advertisements of two routers' rings that cover the same time, in more and more files."""
        here = list(inputs.adverts(50_000, 10))
        there = [inputs.later(data, 150) for data in here]
        paths = {1: self.input("files-1.pcap", lambda: sorted(here + there, key=inputs.instant))}
        for count in (2, 64, 1_000, 10_000):
            paths[count] = self.folder / f"files-{count}"
            if not paths[count].exists():
                inputs.ring(paths[count], "r1", here, count // 2)
                inputs.ring(paths[count], "r2", there, count // 2)
        times = {count: [] for count in paths}
        for path in paths.values():
            run(self.analyze(path))
        # In turn, so that what disturbs one disturbs the others.
        for _ in range(max(3, self.rounds // 2)):
            for count, path in paths.items():
                times[count].append(processor_time(self.analyze(path)))
        detail = f"one file {statistics.median(times[1]) * 1000:.0f} ms"
        for count in (64, 1_000, 10_000):
            work = f"100,000 adverts of two points in {count:,} files"
            self.table.add(work, "of one file's processor time", ratio(times[count], times[1]), 3.0, detail=detail)
        self.table.add("10,000 files", "resident", run(self.analyze(paths[10_000]))[1] / 1000, 80, " MB")

    def growth(self):
        packets = (500_000, 1_000_000, 2_000_000, 4_000_000)
        routers = (250, 500, 1000, 2000, 4000, 8000)
        by_packets = self.growth_rounds([(count, 1000) for count in packets])
        by_routers = self.growth_rounds([(2_000_000, number) for number in routers])
        empty = run(self.analyze(self.input("ten.pcap", lambda: inputs.adverts(10, 1, failover=None))))[0]
        double = ratio(*([time - empty for time in times] for times in (by_packets[-1], by_packets[-2])))
        self.table.add("twice the packets", "times the time", double, 2.1)
        ratios = [ratio(after, before) for before, after in zip(by_routers, by_routers[1:])]
        doublings = ", ".join(f"{value:.3f}" for value in ratios)
        self.table.add("twice the virtual routers", "times the time", max(ratios), 1.15, detail=f"the largest of {doublings}")
        if self.output:
            self.output.mkdir(parents=True, exist_ok=True)
            points = list(zip(packets, map(statistics.median, by_packets)))
            title = "Time to analyse against packets, 1000 virtual routers"
            (self.output / "growth-packets.svg").write_text(plots.line(points, title, "million packets", 1e6))
            points = list(zip(routers, map(statistics.median, by_routers)))
            title = "Time to analyse two million packets against virtual routers"
            (self.output / "growth-virtual-routers.svg").write_text(plots.line(points, title, "virtual routers", 1))

    def growth_rounds(self, sizes):
        """The seconds in each round, for each number of packets and of virtual routers."""
        paths = {
            size: self.input("growth-%d-%d.pcap" % size, lambda size=size: inputs.adverts(*size)) for size in sizes
        }
        times = rounds_of({size: self.analyze(path) for size, path in paths.items()}, self.rounds)
        return [times[size] for size in sizes]


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
