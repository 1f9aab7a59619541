"""Jobs on Spark's own cluster, held against one machine: `test_job.py VRRPWATCH`."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

import corpus
from cluster import Cluster, contents, rows, session

from vrrpwatch_spark import tables
from vrrpwatch_spark.job import Settings, run

PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
# Recordings of one point, each as capture.pcap in a folder of its own.
RECORDINGS = pathlib.Path(os.environ.get("VRRPWATCH_RECORDINGS", corpus.RECORDINGS))


class Jobs(unittest.TestCase):
    """One machine says what any number of workers says."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="vrrpwatch-fleet-"))
        cls.captures = cls.folder / "captures"
        corpus.make(cls.captures)
        cls.alone = cls.job("local[1]", "alone", [cls.captures])

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    @classmethod
    def job(cls, master, name, inputs, program=PROGRAM, look=None, pages=True):
        """Run a job, and return the bytes of all that it wrote."""
        spark = session(master)
        try:
            output = cls.folder / name
            run(spark, Settings(tuple(str(path) for path in inputs), str(output), program, level=1, pages=pages))
            if look:
                look(spark, output)
            return contents(spark, output)
        finally:
            spark.stop()

    def assert_same(self, result):
        """The result is that of one machine, byte by byte."""
        self.assertEqual(sorted(result), sorted(self.alone))
        for name, content in self.alone.items():
            self.assertEqual(result[name], content, name)

    def test_the_tables_say_what_analyze_says_of_each_site(self):
        def look(spark, output):
            for site, count in (("berlin", 2), ("paris", 4)):
                words = [PROGRAM, "analyze", "--json", *sorted(map(str, (self.captures / site).iterdir()))]
                report = json.loads(subprocess.run(words, capture_output=True, check=True).stdout)
                told = [json.loads(row) for row in rows(spark, output, "transitions")]
                mine = [(row["virtual_router"], row["time"], row["cause"]) for row in told if row["group_name"] == site]
                whole = [(r["id"], t["time"], t["cause"]) for r in report["virtualRouters"] for t in r["transitions"]]
                self.assertEqual(sorted(mine), sorted(whole))
                self.assertGreater(len(mine), 0)
                files = {frame["file"] for row in told if row["group_name"] == site for frame in row["evidence"]}
                self.assertTrue(files and all(str(self.captures / site) in file for file in files), files)
                self.assertEqual(sum(site in row for row in rows(spark, output, "files")), count)
            faults = [json.loads(row) for row in rows(spark, output, "problems")]
            self.assertEqual(
                sorted((pathlib.Path(fault["file"]).name, fault["kind"]) for fault in faults),
                [("cut.pcap", "truncated"), ("empty.pcap", "truncated"), ("notes.pcap", "corrupt")],
            )
            for table, schema in tables.SCHEMAS.items():
                self.assertEqual(spark.read.parquet(f"file://{output}/tables/{table}").columns, schema.names)

        self.job("local[2]", "looked", [self.captures], look=look)

    def test_recordings_that_are_cut_in_time_say_what_they_say_whole(self):
        made = corpus.windows(RECORDINGS, self.folder / "windows", seed=31)
        self.assertGreater(len(made), 0)

        def look(spark, output):
            for table in ("incidents", "transitions", "findings", "routers"):
                told = [json.loads(row) for row in rows(spark, output, table)]
                for name, (path, before) in made.items():
                    mine = [{key: row[key] for key in row if key != "group_name"} for row in told if row["group_name"] == name]
                    for row in mine:
                        if "evidence" in row:
                            row["evidence"] = [before[frame["file"]] + frame["frame"] for frame in row["evidence"]]
                    self.assertEqual(sorted(map(json.dumps, mine)), self.whole(path, name, table), f"{table} of {name}")

        self.job("local[2]", "windows-judged", [self.folder / "windows"], look=look, pages=False)

    @staticmethod
    def whole(path, name, table):
        """The rows of a recording that is not cut, with evidence by number."""
        report = json.loads(subprocess.run([PROGRAM, "analyze", "--json", str(path)], capture_output=True).stdout)
        for part in (*(item for router in report["virtualRouters"] for item in router["transitions"]), *report["findings"]):
            for frame in part["evidence"]:
                frame["origin"] = {"file": "", "frame": frame["frame"]}
        found = []
        for kind, row in tables.rows(name, report):
            if kind == table:
                named = dict(zip(tables.SCHEMAS[table].names, row, strict=True))
                del named["group_name"]
                if "evidence" in named:
                    named["evidence"] = [frame for _, frame in named["evidence"]]
                found.append(json.dumps(named))
        return sorted(found)

    def test_files_twice_and_in_any_order(self):
        files = sorted(path for path in self.captures.rglob("*") if path.is_file())
        self.assert_same(self.job("local[2]", "shuffled", [*files[::-1], self.captures, files[0]]))

    def test_a_job_again_and_after_a_file_came(self):
        output = [path for path in (self.captures / "paris").iterdir() if path.suffix != ".pcap3"]
        self.job("local[2]", "again", [self.captures / "berlin", self.captures / "rome", *output])
        self.assert_same(self.job("local[2]", "again", [self.captures]))
        self.assert_same(self.job("local[2]", "again", [self.captures]))

    def test_uris_are_read_by_hadoop(self):
        uri = f"file://{self.captures / 'paris'}"

        def look(spark, output):
            found = [json.loads(row) for row in rows(spark, output, "files")]
            self.assertEqual(sorted(row["kept"] for row in found), self.kept("paris"))
            self.assertTrue(all(row["file"].startswith("file:") for row in found))

        self.job("local[2]", "uris", [uri], look=look)

    def kept(self, site):
        """The packets that are kept of each file of a site."""
        words = [PROGRAM, "extract", "-q", "-w", "/dev/null", "--summary", "-"]
        counts = []
        for path in (self.captures / site).iterdir():
            counts.append(json.loads(subprocess.run([*words, str(path)], capture_output=True, check=True).stdout)["kept"])
        return sorted(counts)

    def test_two_workers_and_one_of_them_killed(self):
        cluster = Cluster(self.folder / "cluster")
        self.addCleanup(cluster.stop)
        self.assert_same(self.job(cluster.url, "workers", [self.captures]))
        self.assert_same(self.job(cluster.url, "killed", [self.captures], self.held(cluster)))

    def held(self, cluster):
        """A program that stops in its first task until the worker that runs it is killed."""
        started, gate, mark = (self.folder / name for name in ("started", "gate", "mark"))
        os.mkfifo(started)
        os.mkfifo(gate)
        program = self.folder / "held"
        program.write_text(
            f'#!/bin/sh\nif mkdir "{mark}" 2>/dev/null; then pwd >"{started}"; cat "{gate}" >/dev/null; fi\nexec "{PROGRAM}" "$@"\n'
        )
        program.chmod(0o755)

        def kill():
            place = started.read_text().strip()
            cluster.worker_of(place).kill()
            gate.write_bytes(b"")

        thread = threading.Thread(target=kill)
        thread.start()
        self.addCleanup(thread.join)
        return str(program)


if __name__ == "__main__":
    unittest.main()
