"""The command ``vrrpwatch-spark``."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from vrrpwatch_spark.job import Settings, run


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    result = argparse.ArgumentParser(
        prog="vrrpwatch-spark",
        description="Judge many captures with vrrpwatch on Spark, and write tables (Parquet) and pages (HTML).",
        epilog="Example: vrrpwatch-spark /captures -o /reports --sensor-level 1 --master 'local[*]'",
    )
    result.add_argument("inputs", nargs="+", metavar="PATH", help="capture files and folders, or URIs such as s3a://bucket/ring")
    result.add_argument("-o", "--output", required=True, metavar="FOLDER", help="where tables and pages go, a path or a URI")
    result.add_argument("--segments", metavar="FILE", help="which segment each sensor sees, as for vrrpwatch analyze --segments")
    result.add_argument(
        "--sensor-level",
        type=int,
        metavar="N",
        help="the folder that names the sensor of a file: 1 is the folder that holds the file, 2 the one above",
    )
    result.add_argument("--program", metavar="PATH", help="vrrpwatch; the default is the one on PATH")
    result.add_argument("--master", metavar="URL", help="Spark's master, where spark-submit does not say it")
    result.add_argument("--no-pages", action="store_true", help="write no page for each incident")
    return result


def main(arguments: list[str] | None = None) -> int:
    """Run the command, and return its exit status: 0 done, 3 nothing to read or no program, 64 wrong usage."""
    options = parser().parse_args(arguments)
    if options.sensor_level is not None and options.sensor_level < 1:
        print("vrrpwatch-spark: --sensor-level counts folders from 1; leave it out for none", file=sys.stderr)
        return 64
    program = options.program or shutil.which("vrrpwatch")
    if program is None or not Path(program).is_file():
        named = options.program or "vrrpwatch on PATH"
        print(f"vrrpwatch-spark: there is no program {named}; install vrrpwatch, or name it with --program", file=sys.stderr)
        return 3
    try:
        segments = Path(options.segments).read_bytes() if options.segments else None
    except OSError as error:
        print(f"vrrpwatch-spark: {options.segments}: the file of segments cannot be read: {error.strerror}", file=sys.stderr)
        return 3
    shows = str(sys.stderr.isatty()).lower()
    builder = SparkSession.builder.appName("vrrpwatch").config("spark.ui.showConsoleProgress", shows)
    spark = (builder.master(options.master) if options.master else builder).getOrCreate()
    settings = Settings(tuple(options.inputs), options.output, program, segments, options.sensor_level, not options.no_pages)
    try:
        counts = run(spark, settings)
    except FileNotFoundError as error:
        print(f"vrrpwatch-spark: {error}", file=sys.stderr)
        return 3
    finally:
        spark.stop()
    told = ", ".join(f"{count} {table}" for table, count in counts.items())
    print(f"vrrpwatch-spark: {options.output}: {told}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
