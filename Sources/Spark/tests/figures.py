"""Measures batch and live: `figures.py VRRPWATCH FOLDER [GIGABYTES FILES]`; 1 GB in 80 files where nothing is said.

Each job is held against one machine: rows and evidence must be those of `vrrpwatch analyze` on the files of each group.
Prints a line for each figure. The folder keeps the corpus, so that another run need not make it again.
"""

import asyncio
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import fleet
import sensor
from broker import Broker
from cluster import Cluster, contents, rows, session

from vrrpwatch_jetstream.publish import publish
from vrrpwatch_spark import tables
from vrrpwatch_spark.groups import Groups
from vrrpwatch_spark.job import Settings, run

# The bytes in a second that an object store gives to a task.
STORE = 200e6
SLOW = """#!{python}
import os, subprocess, sys, time
words = sys.argv[1:]
if words[0] != "extract":
    os.execv({program!r}, [{program!r}, *words])
name = words[-1]
process = subprocess.Popen([{program!r}, *words[:-2], "-", "--origin", name], stdin=subprocess.PIPE)
began, read = time.monotonic(), 0
with open(name, "rb") as file:
    while part := file.read(1 << 20):
        process.stdin.write(part)
        read += len(part)
        time.sleep(max(0, began + read / {rate} - time.monotonic()))
process.stdin.close()
sys.exit(process.wait())
"""


def say(name, value):
    """Print a figure."""
    print(f"{name}: {value}", flush=True)


def timed(work):
    """The seconds that some work takes, and its result."""
    began = time.monotonic()
    result = work()
    return time.monotonic() - began, result


class Figures:
    """The figures of one program."""

    def __init__(self, program, folder, gigabytes, files):
        self.program = str(pathlib.Path(program).resolve())
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.corpus = self.folder / f"corpus-{gigabytes}-{files}"
        if not self.corpus.exists():
            making = self.corpus.with_suffix(".tmp")
            shutil.rmtree(making, ignore_errors=True)
            seconds, _ = timed(lambda: fleet.make(making, gigabytes * 1e9, files))
            making.rename(self.corpus)
            say("seconds to make the corpus", f"{seconds:.1f}")
        self.segments = fleet.segments().encode()
        found = [path for path in self.corpus.rglob("*") if path.is_file()]
        self.bytes = sum(path.stat().st_size for path in found)
        say("corpus", f"{self.bytes / 1e9:.2f} GB, {len(found)} files, {fleet.SENSORS} sensors")
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="vrrpwatch-figures-", dir=self.folder))

    def alone(self):
        """What one machine says of each group, as the rows of the tables and with files for captures."""
        groups = Groups(self.segments.decode().splitlines())
        members = {}
        for place in sorted(self.corpus.iterdir()):
            members.setdefault(groups.of(place.name), []).append(place)
        segments = self.work / "segments"
        segments.write_bytes(self.segments)
        expected = {table: [] for table in ("incidents", "transitions", "findings", "routers")}
        for group, places in members.items():
            words = [self.program, "analyze", "--json", "--segments", str(segments)]
            for place in places:
                for path in sorted(place.iterdir()):
                    words += ["--at", f"{place.name}={path}"]
            report = json.loads(subprocess.run(words, capture_output=True).stdout)
            sources = [capture["source"] for capture in report["captures"]]
            for part in (*(item for router in report["virtualRouters"] for item in router["transitions"]), *report["findings"]):
                for frame in part["evidence"]:
                    frame["origin"] = {"file": sources[frame["capture"]], "frame": frame["frame"]}
            for table, row in tables.rows(group, report):
                expected[table].append(json.dumps(dict(zip(tables.SCHEMAS[table].names, row, strict=True)), default=list))
        return {table: sorted(found) for table, found in expected.items()}

    def job(self, master, name, inputs, program=None, pages=False, segments=True, look=None):
        """Run a job, and return its seconds, those of the session among them, and what ``look`` says of the output."""
        output = self.work / name
        began = time.monotonic()
        spark = session(master)
        started = time.monotonic()
        try:
            given = self.segments if segments else None
            run(spark, Settings(tuple(map(str, inputs)), str(output), program or self.program, given, 1, pages))
            seconds = time.monotonic() - began
            say(f"the session of job {name}", f"{started - began:.1f} s")
            return seconds, look(spark, str(output)) if look else None
        finally:
            spark.stop()

    def batch(self):
        """The corpus on one worker, on two, and with one killed, against one machine."""
        seconds, expected = timed(self.alone)
        say("one machine, without Spark", f"{seconds:.1f} s, {self.bytes / seconds / 1e9:.2f} GB/s")
        for table, lines in expected.items():
            say(table, len(lines))
        results = {}

        def look(spark, output):
            for table, lines in expected.items():
                told = [_plain(json.loads(row)) for row in rows(spark, output, table)]
                if sorted(told) != sorted(_plain(json.loads(line)) for line in lines):
                    raise SystemExit(f"{table} of the job {output} are not those of one machine")
            return contents(spark, output)

        for workers in (1, 2):
            cluster = Cluster(self.work / f"cluster-{workers}", workers)
            try:
                seconds, results[workers] = self.job(cluster.url, f"workers-{workers}", [self.corpus], look=look)
                say(f"workers {workers}", f"{seconds:.1f} s")
                if workers == 2:
                    killer = threading.Timer(seconds / 3, cluster.nodes[2].kill)
                    killer.start()
                    seconds, killed = self.job(cluster.url, "killed", [self.corpus], look=look)
                    killer.join()
                    say("workers 2, of which one is killed after a third", f"{seconds:.1f} s")
            finally:
                cluster.stop()
        if not results[1] == results[2] == killed:
            raise SystemExit("two workers, or one that was killed, wrote other bytes than one worker")
        say("same bytes", "one machine, one worker, two workers, one of two killed")

    def slow(self, count=20):
        """Files of 1 GB at the speed of an object store, on one worker and on two."""
        source = self.work / "slow"
        fleet_file = self.work / "gigabyte"
        fleet.SENSORS, sensors = 1, fleet.SENSORS
        (made,) = fleet.make(fleet_file, 1e9, 1)
        fleet.SENSORS = sensors
        for number in range(count):
            place = source / f"site-{number:02}"
            place.mkdir(parents=True)
            os.link(made / "ring.pcap", place / "ring.pcap")
        size = (made / "ring.pcap").stat().st_size * count
        program = self.work / "slow-vrrpwatch"
        program.write_text(SLOW.format(python=sys.executable, program=self.program, rate=STORE))
        program.chmod(0o755)
        taken = {}
        for workers in (1, 2):
            cluster = Cluster(self.work / f"slow-cluster-{workers}", workers)
            try:
                taken[workers], _ = self.job(cluster.url, f"slow-{workers}", [source], str(program), segments=False)
                empty, _ = self.job(cluster.url, f"empty-{workers}", [self.corpus / "sensor-07" / "notes.pcap"], segments=False)
            finally:
                cluster.stop()
            storage = size / STORE / workers
            say(
                f"{count} tasks of 1 GB at 200 MB/s, workers {workers}", f"{taken[workers]:.1f} s, of which storage {storage:.1f} s"
            )
            say(f"beside storage, workers {workers}", f"{100 * (1 - storage / taken[workers]):.0f} % of the job")
            say(f"a job on one file of no packets, workers {workers}", f"{empty:.1f} s")
        say("two workers against one", f"{taken[2] / taken[1]:.2f}")
        shutil.rmtree(fleet_file)
        shutil.rmtree(source)

    def tasks(self, count=200):
        """The cost of a task beside the program's: the same small file in many tasks and in one."""
        small = next(self.corpus.rglob("ring.pcap"))
        words = [self.program, "extract", "-q", "-w", "/dev/null", "--summary", "/dev/null", str(small)]
        seconds, _ = timed(lambda: [subprocess.run(words, check=True) for _ in range(10)])
        say("extract of a file of the corpus by itself", f"{seconds * 100:.0f} ms, {small.stat().st_size / 1e6:.0f} MB")
        kept = self.work / "extract.pcapng"
        words = [self.program, "extract", "-q", "-w", str(kept), "--summary", "-", str(small)]
        summary = subprocess.run(words, capture_output=True)
        said = json.loads(summary.stdout)
        packed = len(subprocess.run(["zstd", "-q", "-c", str(kept)], capture_output=True).stdout)
        say("an extract", f"{kept.stat().st_size / said['kept']:.0f} bytes a packet, {packed / said['kept']:.1f} with zstd")
        spark = session("local[2]")
        try:
            spark.sparkContext.parallelize(range(2), 2).map(str).count()
            seconds, _ = timed(lambda: spark.sparkContext.parallelize(range(count), count).map(str).count())
            say("a task of Spark that does nothing", f"{seconds * 2 / count * 1000:.0f} ms of a core")
        finally:
            spark.stop()

    def live(self):
        """A stream over JetStream: messages, bytes and processor time."""
        seconds = 600
        path = self.work / "live.pcap"
        told = fleet.seconds_of(fleet.CUT)
        content = fleet.inputs.HEADER + b"".join(b"".join(next(told)) for _ in range(seconds))
        path.write_bytes(content)
        stream = b"".join(sensor.blocks(path))
        broker = Broker(self.work / "broker")
        broker.start()
        try:
            before = resource.getrusage(resource.RUSAGE_SELF)
            reader, writer = os.pipe()
            threading.Thread(target=lambda: (_write_all(writer, stream), os.close(writer)), daemon=True).start()
            elapsed, _ = timed(
                lambda: asyncio.run(publish(reader, broker.url, None, self.work / "spool", 1 << 30, lambda name: name, print))
            )
            after = resource.getrusage(resource.RUSAGE_SELF)
            packets = seconds * fleet.VIRTUAL_ROUTERS
            say("published", f"{packets} packets, {len(stream) / 1e6:.1f} MB, in {elapsed:.2f} s")
            used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            say("processor of the publisher", f"{used / len(stream) * 1e6:.3f} s a MB")
            words = [sys.executable, "-m", "vrrpwatch_jetstream.command", "pull", "berlin-1", "--stored", "--server", broker.url]
            words += ["--store", str(self.work / "store")]
            elapsed, read = timed(lambda: subprocess.run(words, stdout=subprocess.PIPE).stdout)
            if read != stream:
                raise SystemExit("the reader got other bytes than the sensor wrote")
            say("read", f"in {elapsed:.2f} s, Python's start among them")
            stored = sum(path.stat().st_size for path in (self.work / "broker").rglob("*") if path.is_file())
            say("stored by the server", f"{stored / packets:.0f} bytes a packet")
        finally:
            broker.kill()

    def close(self):
        """Remove all but the corpus."""
        shutil.rmtree(self.work, ignore_errors=True)


def _plain(row):
    """A row as text, with evidence as files and numbers whatever form it has."""
    if "evidence" in row:
        row["evidence"] = [list(frame.values()) if isinstance(frame, dict) else list(frame) for frame in row["evidence"]]
    return json.dumps(row, sort_keys=True)


def _write_all(descriptor, content):
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


if __name__ == "__main__":
    given = sys.argv[3:] or ["1", "80"]
    figures = Figures(sys.argv[1], sys.argv[2], float(given[0]), int(given[1]))
    try:
        for part in given[2:] or ["tasks", "batch", "live", "slow"]:
            getattr(figures, part)()
    finally:
        figures.close()
