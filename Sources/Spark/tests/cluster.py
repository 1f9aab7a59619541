"""Spark's own cluster on loopback, a master and workers as processes that can be killed each, and what a job wrote."""

import json
import os
import pathlib
import re
import signal
import subprocess

import pyspark
from pyspark.sql import SparkSession

from vrrpwatch_spark import tables

HOME = pathlib.Path(pyspark.__file__).parent


class Node:
    """A daemon of the cluster with all that it starts; ``line`` is the line of its log that says that it is ready."""

    def __init__(self, folder, role, *arguments, ready):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        environment = {**os.environ, "SPARK_HOME": str(HOME), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(self.folder)}
        # A process group of its own, so that a kill takes the executors along and nobody else.
        self.process = subprocess.Popen(
            [str(HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{role}", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,
        )
        self.line = next((line for line in self.process.stderr if re.search(ready, line)), None)
        if self.line is None:
            raise RuntimeError(f"{role} ended with status {self.process.wait()} before it was ready")
        # A pipe that nobody reads would hold the daemon up.
        self._drain = subprocess.Popen(["cat"], stdin=self.process.stderr, stdout=subprocess.DEVNULL)

    def kill(self):
        """Kill the daemon and its executors at once."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.process.stderr.close()
        self._drain.wait()


class Cluster:
    """A master and some workers of one core each."""

    def __init__(self, folder, workers=2):
        self.nodes = []
        master = ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0"]
        self._add(Node(pathlib.Path(folder, "master"), "master.Master", *master, ready=r"Starting Spark master at"))
        self.url = re.search(r"spark://[\d.]+:\d+", self.nodes[0].line)[0]
        for number in range(workers):
            place = pathlib.Path(folder, f"worker-{number}")
            words = ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0", "--cores", "1", "--memory", "512M"]
            words += ["--work-dir", str(place / "work"), self.url]
            self._add(Node(place, "worker.Worker", *words, ready=r"Successfully registered with master"))

    def _add(self, node):
        self.nodes.append(node)

    def worker_of(self, folder):
        """The worker that a folder of an executor belongs to."""
        return next(node for node in self.nodes if pathlib.Path(folder).is_relative_to(node.folder))

    def stop(self):
        """Kill all that was started."""
        for node in reversed(self.nodes):
            node.kill()


def session(master):
    """A session of one job, whose workers speak over loopback."""
    builder = SparkSession.builder.appName("test").master(master).config("spark.ui.enabled", "false")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.executor.memory", "512m")
    return builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.log.level", "OFF").getOrCreate()


def rows(spark, output, table):
    """The rows of a table as JSON, in their order."""
    return [json.dumps(row.asDict(recursive=True)) for row in spark.read.parquet(f"file://{output}/tables/{table}").collect()]


def contents(spark, output):
    """The bytes of all that a job wrote: of pages as they are, of tables their rows.

    Two Java processes list the encodings of a Parquet column in orders of their own, so that files differ though rows do not.
    """
    pages = [path for path in pathlib.Path(output).rglob("*") if path.suffix == ".html"]
    found = {str(path.relative_to(output)): path.read_bytes() for path in pages}
    for table in tables.SCHEMAS:
        found[table] = "\n".join(rows(spark, output, table)).encode()
    return found
