"""The publisher: what a sensor writes goes to a folder, and from there to the server, in order and once."""

from __future__ import annotations

import asyncio
import os
import select
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from nats.js import JetStreamContext

from vrrpwatch_jetstream.blocks import BlockReader, Piece, PieceMaker, StreamError
from vrrpwatch_jetstream.spool import Spool
from vrrpwatch_jetstream.stream import STREAM, Patience, connect, find_or_make, headers, subject

# The time in seconds for which packets are gathered for a piece.
GATHERING = 0.1
_PORTION = 1 << 16


def pieces(descriptor: int) -> Iterator[Piece]:
    """Yield the pieces of the stream that comes by a descriptor, each when nothing more comes for a while.

    Raises ``StreamError`` for what is no stream of a sensor, when all pieces in front of the damage were given.
    """
    reader, maker = BlockReader(), PieceMaker()
    failure: StreamError | None = None
    while failure is None:
        if not select.select([descriptor], [], [], GATHERING)[0]:
            if piece := maker.cut():
                yield piece
            select.select([descriptor], [], [])
        more = os.read(descriptor, _PORTION)
        try:
            if not more:
                reader.end()
                break
            for block in reader.feed(more):
                if piece := maker.take(block):
                    yield piece
        except StreamError as error:
            failure = error
    if piece := maker.cut():
        yield piece
    if failure:
        raise failure


async def publish(
    descriptor: int,
    server: str,
    credentials: str | None,
    folder: Path,
    most: int,
    group_of: Callable[[str], str],
    say: Callable[[str], None],
) -> None:
    """Publish the stream that comes by a descriptor until it ends and the server has all of it.

    Pieces are in ``folder`` before they are published, and leave it when the server has stored them. Raises ``StreamError``
    for what is no stream of a sensor, ``OSError`` where the disk is full, and what the server refuses.
    """
    spool = Spool(folder, most)
    patience = Patience(say)
    arrived = asyncio.Event()
    ended = False
    incoming: asyncio.Queue[Piece | Exception | None] = asyncio.Queue(1)
    loop = asyncio.get_running_loop()

    def read() -> None:
        def put(item: Piece | Exception | None) -> None:
            asyncio.run_coroutine_threadsafe(incoming.put(item), loop).result()

        try:
            for piece in pieces(descriptor):
                put(piece)
            put(None)
        except (StreamError, OSError) as error:
            put(error)

    # A thread that waits for a silent sensor must not keep the process from ending.
    threading.Thread(target=read, daemon=True).start()
    if len(spool):
        say(f"{len(spool)} pieces of an earlier run wait in {folder}, and go first")

    async def collect() -> None:
        nonlocal ended
        try:
            while isinstance(item := await incoming.get(), Piece):
                lost = spool.left_out
                spool.put(item)
                if spool.left_out > lost == 0:
                    say(f"{folder} is full, and the oldest pieces are left out until the server answers")
                arrived.set()
            if item is not None:
                raise item
            if spool.first():
                say(f"the sensor's stream has ended; {len(spool)} pieces wait for the server in {folder}")
        finally:
            ended = True
            arrived.set()

    async def send() -> None:
        client = await connect(server, credentials, patience)
        try:
            context = client.jetstream(timeout=5)
            await find_or_make(context, patience)
            while True:
                arrived.clear()
                while oldest := spool.first():
                    name, piece = oldest
                    await patience.until_done(partial(_send, context, group_of, piece))
                    spool.remove(name)
                if ended:
                    return
                await arrived.wait()
        finally:
            await client.close()

    collecting, sending = asyncio.create_task(collect()), asyncio.create_task(send())
    # What the sensor wrote before its stream broke is published before that is told.
    done, _ = await asyncio.wait([collecting, sending], return_when=asyncio.FIRST_EXCEPTION)
    if sending in done and sending.exception():
        collecting.cancel()
    await sending
    await collecting


async def _send(context: JetStreamContext, group_of: Callable[[str], str], piece: Piece) -> None:
    await context.publish(
        subject(group_of(piece.sensor), piece.sensor),
        piece.content,
        stream=STREAM,
        headers=headers(piece),
    )
