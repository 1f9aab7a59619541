"""Files and folders of this machine, and those of Hadoop's file systems by way of Spark's own Hadoop (s3a, hdfs, file)."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyspark
from pyspark.sql import SparkSession

ENDINGS = (".pcap", ".pcapng", ".cap", ".dump", ".snoop")
_COMPRESSIONS = (".gz", ".zst")


@dataclass(frozen=True, order=True)
class Found:
    """A file to read: its name, and its size in bytes as it lies there."""

    name: str
    size: int


class UnreadableError(OSError):
    """A file of Hadoop's that cannot be read, for a reason that is the file's or the store's."""


def is_remote(name: str) -> bool:
    """Return whether a name is a URI, which Hadoop reads, and not a path."""
    # Hadoop itself names files of this machine with one slash.
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", name) is not None


def is_capture(name: str) -> bool:
    """Return whether a file of a folder is taken for a capture, by its ending; files that are named are taken as they are."""
    stem = name.lower()
    for ending in _COMPRESSIONS:
        stem = stem.removesuffix(ending)
    # The files of tcpdump's rings end in a number behind the ending.
    return stem.rstrip("0123456789").endswith(ENDINGS)


def find(spark: SparkSession, names: list[str]) -> list[Found]:
    """Return the captures that paths and URIs stand for, each once, in the order of their names.

    A folder stands for the captures below it. A name that is not there stays in the list with a size of 0: the task that
    reads it tells what is wrong.
    """
    found: set[Found] = set()
    for name in names:
        found.update(_remote(spark, name) if is_remote(name) else _local(name))
    return sorted(found)


def _local(name: str) -> Iterator[Found]:
    if not os.path.isdir(name):
        yield Found(name, os.path.getsize(name) if os.path.isfile(name) else 0)
        return
    for folder, _, files in os.walk(name):
        for file in files:
            path = os.path.join(folder, file)
            if is_capture(file) and os.path.isfile(path):
                yield Found(path, os.path.getsize(path))


def _remote(spark: SparkSession, name: str) -> Iterator[Found]:
    path, system = _hadoop(spark, name)
    if not system.exists(path):
        yield Found(name, 0)
        return
    if not system.getFileStatus(path).isDirectory():
        yield Found(name, int(system.getFileStatus(path).getLen()))
        return
    files = system.listFiles(path, True)
    while files.hasNext():
        status = files.next()
        text = str(status.getPath().toString())
        if is_capture(text):
            yield Found(text, int(status.getLen()))


def _hadoop(spark: SparkSession, name: str) -> tuple[Any, Any]:
    """The path and the file system of a URI, as Java objects of the driver."""
    context: Any = spark.sparkContext
    path = context._jvm.org.apache.hadoop.fs.Path(name)
    return path, path.getFileSystem(context._jsc.hadoopConfiguration())


def write(spark: SparkSession, folder: str, name: str, content: bytes) -> None:
    """Write a file below a folder, a path or a URI, in the place of one that is there; raises what the file system raises."""
    if not is_remote(folder):
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.tmp")
        unfinished.write_bytes(content)
        unfinished.replace(path)
        return
    path_there, system = _hadoop(spark, f"{folder.rstrip('/')}/{name}")
    stream = system.create(path_there, True)
    try:
        stream.write(bytearray(content))
    finally:
        stream.close()


def remove_folder(spark: SparkSession, folder: str, name: str) -> None:
    """Remove a folder below another one with all that is in it; does nothing where there is none."""
    uri = f"{folder.rstrip('/')}/{name}" if is_remote(folder) else Path(folder, name).absolute().as_uri()
    path, system = _hadoop(spark, uri)
    system.delete(path, True)


@dataclass(frozen=True)
class Hadoop:
    """The Java program that reads URIs on a worker: Hadoop's own shell out of Spark's jars, with the settings of the job.

    The settings may hold keys of a store, so they go into a file that its owner alone may read, and never on a command line.
    """

    java: str
    classes: str
    settings: str = field(repr=False)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Lend the bytes of a file as a stream, however large the file is.

        Raises ``UnreadableError`` at the end where the file could not be read whole; the message is Hadoop's.
        """
        with tempfile.TemporaryDirectory(prefix="vrrpwatch-") as folder, tempfile.TemporaryFile() as said:
            site = Path(folder, "core-site.xml")
            site.touch(mode=0o600)
            site.write_text(self.settings, "utf-8")
            classes = os.pathsep.join([folder, self.classes])
            words = [self.java, "-Xmx256m", "-cp", classes, "org.apache.hadoop.fs.FsShell", "-cat", name]
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said)
            assert process.stdout is not None
            try:
                yield process.stdout
            finally:
                process.stdout.close()
                status = process.wait()
            if status != 0:
                said.seek(0)
                lines = [
                    line for line in said.read().decode("utf-8", "replace").splitlines() if "cat: " in line or "Exception" in line
                ]
                raise UnreadableError(f"{name}: {lines[-1] if lines else f'Hadoop ended with status {status}'}")


def hadoop(spark: SparkSession) -> Hadoop:
    """Return the reader of URIs for the tasks of a job, with all settings that the driver has for Hadoop."""
    home = os.environ.get("SPARK_HOME") or os.path.dirname(pyspark.__file__)
    java = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if os.environ.get("JAVA_HOME") else "java"
    context: Any = spark.sparkContext
    writer = context._jvm.java.io.StringWriter()
    context._jsc.hadoopConfiguration().writeXml(writer)
    return Hadoop(java, os.path.join(home, "jars", "*"), str(writer.toString()))
