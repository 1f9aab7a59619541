"""The job: extracts of all files in tasks near their data, then a judgement of each group, then tables and pages.

    files ─► extract (a task for each, small ones share one) ─► by group ─► analyze and report ─► rows and pages

A task depends on its file and the program alone, and the rows of a table have one order. So nothing shows which worker did
a task, how often, or when.
"""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyspark import RDD, SparkFiles, StorageLevel
from pyspark.sql import SparkSession

from vrrpwatch_spark import files, tables
from vrrpwatch_spark.groups import Groups, sensor_of
from vrrpwatch_spark.index import index
from vrrpwatch_spark.program import Extract, Problem, extract, judge

# What a task reads at least, so that starting Python does not count beside it; larger files have a task each.
TASK_BYTES = 256 << 20
# The most files of a task: each costs the start of a process.
TASK_FILES = 256


@dataclass(frozen=True)
class Settings:
    """What a job is to do.

    ``inputs`` are files, folders and URIs. ``output`` is a folder, as a path or a URI. ``program`` is the path of vrrpwatch on the
    machine that starts the job. ``segments`` are the bytes of a file of segments, ``None`` for none. ``level`` is the folder
    of each path that names the sensor, counted from the file upward from 1.
    """

    inputs: tuple[str, ...]
    output: str
    program: str
    segments: bytes | None = None
    level: int | None = None
    pages: bool = True


def shares(found: Sequence[files.Found], workers: int) -> list[list[files.Found]]:
    """Return the files of each task: small ones together, in the order in which they come, two tasks for each worker."""
    most = min(TASK_BYTES, sum(file.size for file in found) // (2 * workers))
    result: list[list[files.Found]] = []
    size = 0
    for file in found:
        if not result or size + file.size > most or len(result[-1]) == TASK_FILES:
            result.append([])
            size = 0
        result[-1].append(file)
        size += file.size
    return result


def _read(program: str, file: files.Found, level: int | None, hadoop: files.Hadoop) -> Extract:
    sensor = sensor_of(file.name, level)
    if not files.is_remote(file.name):
        return extract(program, file.name, sensor)
    try:
        with hadoop.open(file.name) as stream:
            return extract(program, file.name, sensor, stream)
    except files.UnreadableError as error:
        return Extract(file.name, b"", sensor, problems=[Problem(file.name, "unreadable", str(error))])


def _ship(spark: SparkSession, program: str, folder: str) -> None:
    """Give the workers the program and this package, which need not be installed there."""
    archive = Path(folder, "vrrpwatch_spark.zip")
    package = Path(__file__).parent
    with zipfile.ZipFile(archive, "w") as file:
        for module in sorted(package.glob("*.py")):
            file.write(module, f"{package.name}/{module.name}")
    spark.sparkContext.addPyFile(str(archive))
    spark.sparkContext.addFile(program)


def run(spark: SparkSession, settings: Settings) -> dict[str, int]:
    """Do a job, and return the number of rows of each table.

    What an earlier job left in the output is replaced, whole tables at a time. Raises ``FileNotFoundError`` where there is
    not one file to read, and what Spark raises where workers are lost faster than they can be replaced.
    """
    found = files.find(spark, list(settings.inputs))
    if not found:
        raise FileNotFoundError(f"there is no capture in {', '.join(settings.inputs)}; name files, or folders that hold some")
    context = spark.sparkContext
    name = os.path.basename(settings.program)
    hadoop = files.hadoop(spark) if any(files.is_remote(file.name) for file in found) else files.Hadoop("java", "", "")
    level, segments, pages = settings.level, settings.segments, settings.pages

    def extracts(tasks: Iterable[list[files.Found]]) -> Iterator[Extract]:
        program = SparkFiles.get(name)
        for task in tasks:
            for file in task:
                yield _read(program, file, level, hadoop)

    with tempfile.TemporaryDirectory(prefix="vrrpwatch-") as shipped:
        _ship(spark, settings.program, shipped)
        tasks = shares(found, context.defaultParallelism)
        # What a lost worker held is read again from its files.
        read = context.parallelize(tasks, len(tasks)).mapPartitions(extracts).persist(StorageLevel.MEMORY_AND_DISK)
        groups = Groups((segments or b"").decode("utf-8", "replace").splitlines())
        named = read.map(lambda one: (groups.of(one.sensor), one))
        known = sorted(set(named.keys().distinct().collect()))

        def judged(group: tuple[str, Iterable[Extract]]) -> Iterator[tables.Entry]:
            title, members = group[0], list(group[1])
            result = judge(SparkFiles.get(name), members, segments, pages)
            for one in members:
                yield from tables.file_rows(title, one)
            if result.report:
                yield from tables.rows(title, result.report)
            for incident, page in result.pages.items():
                yield "pages", (tables.page_name(title, incident), page)

        rows = named.groupByKey(max(1, len(known))).flatMap(judged).persist(StorageLevel.MEMORY_AND_DISK)
        counts = {table: _write(spark, settings.output, table, rows) for table in tables.SCHEMAS}
        files.remove_folder(spark, settings.output, "incidents")
        for path, page in rows.filter(lambda item: item[0] == "pages").values().toLocalIterator():
            files.write(spark, settings.output, str(path), bytes(page))
        incidents = sorted(rows.filter(lambda item: item[0] == "incidents").values().collect(), key=tables.order)
        problems = sorted(rows.filter(lambda item: item[0] == "problems").values().collect(), key=tables.order)
        files.write(spark, settings.output, "index.html", index(incidents, problems, counts))
        rows.unpersist()
        read.unpersist()
    return counts


def _write(spark: SparkSession, output: str, table: str, rows: RDD[tables.Entry]) -> int:
    """Write a table as one Parquet file in its one order, and return the number of its rows."""
    chosen = rows.filter(lambda item: item[0] == table).values()
    ordered = chosen.sortBy(tables.order, numPartitions=1)
    folder = f"{output.rstrip('/')}/tables/{table}"
    target = folder if files.is_remote(folder) else f"file://{os.path.abspath(folder)}"
    frame = spark.createDataFrame(ordered, tables.SCHEMAS[table])
    frame.write.mode("overwrite").parquet(target)
    return int(ordered.count())
