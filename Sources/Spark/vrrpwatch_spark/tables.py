"""The tables of a job as rows, and their schema.

All instants are RFC 3339 text in UTC with nine decimals, as in vrrpwatch.report/1, for Parquet's own instants end at
microseconds. Names that end in ``_ms`` are milliseconds. ``group_name`` names the sensors that were judged together, and is empty
for files of no sensor. ``evidence`` names frames of the files that were read, by the file and the number from 1 in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyspark.sql.types import (
    ArrayType,
    BooleanType,
    DataType,
    DoubleType,
    LongType,
    StringType,
    StructField,
    StructType,
)

from vrrpwatch_spark.program import Extract, Json

Row = tuple[Any, ...]
# The name of a table and a row of it.
Entry = tuple[str, Row]

_TEXT, _NUMBER, _REAL, _TRUTH = StringType(), LongType(), DoubleType(), BooleanType()
_TEXTS = ArrayType(_TEXT, containsNull=False)
_EVIDENCE = ArrayType(StructType([StructField("file", _TEXT, False), StructField("frame", _NUMBER, False)]), containsNull=False)


def _table(**columns: DataType | tuple[DataType, bool]) -> StructType:
    fields = []
    for name, kind in columns.items():
        data, nullable = kind if isinstance(kind, tuple) else (kind, False)
        fields.append(StructField(name, data, nullable))
    return StructType(fields)


SCHEMAS: dict[str, StructType] = {
    "incidents": _table(
        group_name=_TEXT,
        incident=_NUMBER,
        kind=_TEXT,
        severity=_TEXT,
        start=_TEXT,
        end=_TEXT,
        ongoing=_TRUTH,
        routers=_TEXTS,
        virtual_routers=_TEXTS,
        addresses=_TEXTS,
        moved=_NUMBER,
        worst_outage_ms=(_REAL, True),
        summary=_TEXT,
        story=_TEXT,
        page=_TEXT,
    ),
    "transitions": _table(
        group_name=_TEXT,
        virtual_router=_TEXT,
        time=_TEXT,
        earliest=_TEXT,
        latest=_TEXT,
        from_routers=_TEXTS,
        to_routers=_TEXTS,
        cause=_TEXT,
        outage_ms=(_REAL, True),
        bound_ms=(_REAL, True),
        summary=_TEXT,
        evidence=_EVIDENCE,
    ),
    "findings": _table(
        group_name=_TEXT,
        finding=_TEXT,
        severity=_TEXT,
        virtual_router=(_TEXT, True),
        routers=_TEXTS,
        start=_TEXT,
        end=_TEXT,
        ongoing=_TRUTH,
        count=_NUMBER,
        summary=_TEXT,
        explanation=_TEXT,
        remedy=_TEXT,
        evidence=_EVIDENCE,
    ),
    "routers": _table(
        group_name=_TEXT,
        virtual_router=_TEXT,
        router=_TEXT,
        adverts=_NUMBER,
        first_seen=_TEXT,
        last_seen=_TEXT,
        master_ms=_REAL,
        interval_ms=(_REAL, True),
        jitter_samples=_NUMBER,
        jitter_p50_ms=(_REAL, True),
        jitter_p99_ms=(_REAL, True),
        jitter_max_ms=(_REAL, True),
        late_adverts=_NUMBER,
        missed_adverts=_NUMBER,
    ),
    "files": _table(
        file=_TEXT,
        group_name=_TEXT,
        sensor=(_TEXT, True),
        bytes=_NUMBER,
        packets=_NUMBER,
        kept=_NUMBER,
        first_packet=(_TEXT, True),
    ),
    "problems": _table(
        file=_TEXT,
        kind=_TEXT,
        message=_TEXT,
        offset=(_NUMBER, True),
        frame=(_NUMBER, True),
    ),
}


def _real(value: Any) -> float | None:
    return None if value is None else float(value)


def _evidence(frames: list[Json]) -> list[tuple[str, int]]:
    origins = [frame["origin"] for frame in frames if frame["origin"]]
    return [(str(origin["file"]), int(origin["frame"])) for origin in origins]


def page_name(group: str, incident: int) -> str:
    """Return the name of the page of an incident, below the folder of the output."""
    return f"incidents/{group or 'all'}-{incident}.html"


def rows(group: str, report: Json) -> Iterator[Entry]:
    """Yield the name of the table and the row for all that a report says, in the report's order."""
    for item in report["incidents"]:
        yield (
            "incidents",
            (
                group,
                item["id"],
                item["kind"],
                item["severity"],
                item["start"],
                item["end"],
                item["ongoing"],
                item["routers"],
                item["virtualRouters"],
                item["addresses"],
                item["moved"],
                _real(item["worstOutageMs"]),
                item["summary"],
                item["story"],
                page_name(group, item["id"]),
            ),
        )
    for router in report["virtualRouters"]:
        for item in router["transitions"]:
            yield (
                "transitions",
                (
                    group,
                    router["id"],
                    item["time"],
                    item["earliest"],
                    item["latest"],
                    item["from"],
                    item["to"],
                    item["cause"],
                    _real(item["outageMs"]),
                    _real(item["boundMs"]),
                    item["summary"],
                    _evidence(item["evidence"]),
                ),
            )
        for item in router["routers"]:
            jitter = item["jitter"] or {}
            yield (
                "routers",
                (
                    group,
                    router["id"],
                    item["address"],
                    item["adverts"],
                    item["firstSeen"],
                    item["lastSeen"],
                    float(item["masterMs"]),
                    _real(item["advertIntervalMs"]),
                    jitter.get("samples", 0),
                    _real(jitter.get("p50Ms")),
                    _real(jitter.get("p99Ms")),
                    _real(jitter.get("maxMs")),
                    jitter.get("lateAdverts") or 0,
                    jitter.get("missedAdverts") or 0,
                ),
            )
    for item in report["findings"]:
        yield (
            "findings",
            (
                group,
                item["id"],
                item["severity"],
                item["virtualRouter"],
                item["routers"],
                item["start"],
                item["end"],
                item["ongoing"],
                item["count"],
                item["summary"],
                item["explanation"],
                item["remedy"],
                _evidence(item["evidence"]),
            ),
        )


def file_rows(group: str, one: Extract) -> Iterator[Entry]:
    """Yield the rows about a file that was read, or could not be."""
    yield "files", (one.file, group, one.sensor, one.size, one.packets, one.kept, one.first)
    for problem in one.problems:
        yield "problems", (problem.file, problem.kind, problem.message, problem.offset, problem.frame)


def order(table: str, row: Row) -> tuple[str, ...]:
    """Return the place of a row in its table, which depends on what the row says alone; pages go by their names."""
    said = row[:1] if table == "pages" else row
    return tuple(f"{value:020}" if isinstance(value, int) else str(value) for value in said)
