"""The command ``vrrpwatch-jetstream``."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from nats.errors import Error as RefusedError

from vrrpwatch_jetstream.blocks import StreamError
from vrrpwatch_jetstream.lease import LostError
from vrrpwatch_jetstream.publish import publish
from vrrpwatch_jetstream.pull import Reader, Request
from vrrpwatch_jetstream.store import DamagedStoreError
from vrrpwatch_spark.groups import Groups

_SERVER = "nats://127.0.0.1:4222"


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    result = argparse.ArgumentParser(
        prog="vrrpwatch-jetstream",
        description="Carry the packets of sensors over NATS JetStream.",
        epilog=(
            "Examples: vrrpwatch-jetstream publish --buffer /var/spool/vrrpwatch -- vrrpwatch watch eth0 -q -w -; "
            "vrrpwatch-jetstream pull berlin-1 --store /var/lib/vrrpwatch/berlin-1 | vrrpwatch analyze -"
        ),
    )
    commands = result.add_subparsers(dest="command", required=True, metavar="COMMAND")
    sender = commands.add_parser("publish", help="publish the stream of a sensor, from standard input or a program")
    reader = commands.add_parser("pull", help="write the stream of a sensor to standard output")
    for command in (sender, reader):
        command.add_argument("--server", default=_SERVER, metavar="URL", help=f"the server of NATS; the default is {_SERVER}")
        command.add_argument("--credentials", metavar="FILE", help="the file of credentials (.creds) for the server")
        command.add_argument(
            "--segments", metavar="FILE", help="which segment each sensor sees, as for vrrpwatch analyze --segments"
        )
    sender.add_argument("--buffer", required=True, metavar="FOLDER", help="where pieces wait until the server has them")
    sender.add_argument(
        "--buffer-mb", type=_count, default=1024, metavar="N", help="the most megabytes that wait; the default is 1024"
    )
    sender.add_argument("program", nargs="*", metavar="PROGRAM", help="what writes the stream, behind --; standard input without")
    reader.add_argument("sensor", metavar="SENSOR", help="the sensor's name")
    reader.add_argument("--store", required=True, metavar="FOLDER", help="where the stream is stored before it is acknowledged")
    reader.add_argument(
        "--store-mb", type=_count, default=1024, metavar="N", help="the megabytes of a stored file, of which two are kept; 1024"
    )
    reader.add_argument("--owner", default=socket.gethostname(), metavar="NAME", help="who judges; the default is the host's name")
    reader.add_argument(
        "--patience", type=_count, default=5, metavar="SECONDS", help="how long a piece waits for those before it; the default is 5"
    )
    reader.add_argument("--stored", action="store_true", help="end when all that the server has was written")
    return result


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1")
    return value


def _say(text: str) -> None:
    print(f"vrrpwatch-jetstream: {text}", file=sys.stderr, flush=True)


def _write(content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(sys.stdout.fileno(), view) :]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status.

    0 done, 2 the sensor's stream is damaged, 3 could not start or the server refuses, 4 somebody else judges the group,
    5 the disk is full, 64 wrong usage.
    """
    options = parser().parse_args(arguments)
    try:
        lines = Path(options.segments).read_text("utf-8", "replace").splitlines() if options.segments else []
    except OSError as error:
        _say(f"{options.segments}: the file of segments cannot be read: {error.strerror}")
        return 3
    groups = Groups(lines)
    try:
        if options.command == "publish":
            return _publish(options, groups)
        request = Request(
            sensor=options.sensor,
            group=groups.of(options.sensor),
            owner=options.owner,
            server=options.server,
            credentials=options.credentials,
            folder=Path(options.store),
            most=options.store_mb << 20,
            patience=options.patience,
            only_stored=options.stored,
        )
        asyncio.run(Reader(request, _write, _say).run())
    except BrokenPipeError:
        # Whoever read has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        return 0
    except StreamError as error:
        _say(str(error))
        return 2
    except LostError as error:
        _say(str(error))
        return 4
    except DamagedStoreError as error:
        _say(str(error))
        return 3
    except RefusedError as error:
        _say(f"the server refuses: {error}")
        return 3
    except OSError as error:
        _say(f"{error.filename or 'the disk'}: {error.strerror}")
        return 5
    return 0


def _publish(options: argparse.Namespace, groups: Groups) -> int:
    source, process = sys.stdin.fileno(), None
    if options.program:
        try:
            process = subprocess.Popen(options.program, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        except OSError as error:
            _say(f"{options.program[0]}: the program cannot be run: {error.strerror}")
            return 3
        assert process.stdout is not None
        source = process.stdout.fileno()
    try:
        asyncio.run(
            publish(
                source,
                options.server,
                options.credentials,
                Path(options.buffer),
                options.buffer_mb << 20,
                groups.of,
                _say,
            )
        )
    except BaseException:
        if process:
            # Its stream is not read any more.
            process.terminate()
            process.wait()
        raise
    if process and (status := process.wait()):
        _say(f"{options.program[0]} ended with status {status}")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
