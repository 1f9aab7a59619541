"""The job: extracts of all files in tasks near their data, then a judgement of each group, then tables and pages.

    files ─► extract (a task for each, small ones share one) ─► by group and time ─► analyze and report ─► rows and pages

A task depends on its file and the program alone, and the rows of a table have one order. So nothing shows which worker did
a task, how often, or when.

Extracts travel in portions, sorted by time on disk, and one process reads those of a group in one go. So a task holds a portion
in memory and no more, however long a group was captured, and no judgement is ever cut: a finding that lasts, such as a
password in clear text from the first day to the last, is one finding.
"""

from __future__ import annotations

import io
import itertools
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
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


# The most bytes of an extract that travel at once.
PORTION_BYTES = 8 << 20
# The groups that are judged at the same time for each core, so that a large one does not keep the rest waiting.
_TASKS_PER_CORE = 4

# The group, the instant of the first packet of the file, the file, and the number of the portion: the order of reading.
Key = tuple[str, str, str, int]
# The facts, in the first portion of a file, and a part of its extract.
Portion = tuple[Extract | None, bytes]


def portions(group: str, facts: Extract, content: Path | None) -> Iterator[tuple[Key, Portion]]:
    """Yield the extract of a file in portions, at least one."""
    with open(content, "rb") if content else io.BytesIO() as file:
        number, part = 0, file.read(PORTION_BYTES)
        while part or number == 0:
            yield (group, *facts.order, number), (facts if number == 0 else None, part)
            number, part = number + 1, file.read(PORTION_BYTES)


def gather(portions: Iterable[tuple[Key, Portion]], folder: str) -> tuple[list[Extract], list[str]]:
    """Write the portions of a group, which come in order, to files; return the facts, and the paths of what has packets."""
    facts: list[Extract] = []
    paths: list[str] = []
    for (_, _, _, number), (fact, part) in portions:
        if fact is not None:
            facts.append(fact)
        if not part:
            continue
        if number == 0:
            # The name of the origin is in the extract, by which rings are known; this one only has to be short.
            paths.append(os.path.join(folder, f"{len(paths):06}.pcapng"))
        with open(paths[-1], "ab") as file:
            file.write(part)
    return facts, paths


def _read(
    program: str, file: files.Found, level: int | None, hadoop: files.Hadoop, groups: Groups
) -> Iterator[tuple[Key, Portion]]:
    sensor = sensor_of(file.name, level)
    with ExitStack() as stack:
        try:
            if files.is_remote(file.name):
                # Only at the end of the stream is known whether the file could be read whole.
                with hadoop.open(file.name) as stream:
                    facts, content = stack.enter_context(extract(program, file.name, sensor, stream))
            else:
                facts, content = stack.enter_context(extract(program, file.name, sensor))
        except files.UnreadableError as error:
            facts, content = Extract(file.name, sensor, problems=[Problem(file.name, "unreadable", str(error))]), None
        yield from portions(groups.of(facts.sensor), facts, content)


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

    groups = Groups((segments or b"").decode("utf-8", "replace").splitlines())

    def extracts(tasks: Iterable[list[files.Found]]) -> Iterator[tuple[Key, Portion]]:
        program = SparkFiles.get(name)
        for task in tasks:
            for file in task:
                yield from _read(program, file, level, hadoop, groups)

    def judged(found: Iterable[tuple[Key, Portion]]) -> Iterator[tables.Entry]:
        for title, members in itertools.groupby(found, key=lambda item: item[0][0]):
            yield from _judged(title, members, SparkFiles.get(name), segments, pages)

    with tempfile.TemporaryDirectory(prefix="vrrpwatch-") as shipped:
        _ship(spark, settings.program, shipped)
        tasks = shares(found, context.defaultParallelism)
        # What a lost worker held is read again from its files.
        read = context.parallelize(tasks, len(tasks)).mapPartitions(extracts)
        count = min(len(tasks), _TASKS_PER_CORE * context.defaultParallelism)
        by_group = read.repartitionAndSortWithinPartitions(count, lambda key: zlib.crc32(key[0].encode()))
        # Each table is one file, so all rows are sorted in one place; a task for each table and partition would cost more.
        rows = by_group.mapPartitions(judged).map(lambda entry: ((entry[0], tables.order(*entry)), entry[1]))
        placed = rows.repartitionAndSortWithinPartitions(1).map(lambda item: (item[0][0], item[1]))
        placed.persist(StorageLevel.MEMORY_AND_DISK)
        kinds = placed.keys().countByValue()
        for table in tables.SCHEMAS:
            _write(spark, settings.output, table, placed)
        files.remove_folder(spark, settings.output, "incidents")
        listed: dict[str, list[tables.Row]] = {"incidents": [], "problems": []}
        for kind, row in placed.filter(lambda item: item[0] in ("incidents", "pages", "problems")).toLocalIterator():
            if kind == "pages":
                files.write(spark, settings.output, str(row[0]), bytes(row[1]))
            else:
                listed[kind].append(row)
        counts = {table: kinds.get(table, 0) for table in tables.SCHEMAS}
        files.write(spark, settings.output, "index.html", index(listed["incidents"], listed["problems"], counts))
        placed.unpersist()
    return counts


def _judged(
    group: str, members: Iterable[tuple[Key, Portion]], program: str, segments: bytes | None, pages: bool
) -> Iterator[tables.Entry]:
    """The rows and pages of a group, whose portions come in order."""
    with tempfile.TemporaryDirectory(prefix="vrrpwatch-") as folder:
        facts, paths = gather(members, folder)
        result = judge(program, paths, segments, pages)
    for one in facts:
        yield from tables.file_rows(group, one)
    if result.report:
        yield from tables.rows(group, result.report)
    for incident, page in result.pages.items():
        yield "pages", (tables.page_name(group, incident), page)


def _write(spark: SparkSession, output: str, table: str, rows: RDD[tables.Entry]) -> None:
    """Write a table, of which the rows are in order, as one Parquet file."""
    folder = f"{output.rstrip('/')}/tables/{table}"
    target = folder if files.is_remote(folder) else f"file://{os.path.abspath(folder)}"
    chosen = rows.filter(lambda item: item[0] == table).values()
    spark.createDataFrame(chosen, tables.SCHEMAS[table]).write.mode("overwrite").parquet(target)
