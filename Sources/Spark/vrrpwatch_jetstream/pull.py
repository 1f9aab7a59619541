"""The reader of a sensor's pieces: one continuous stream of pcapng, acknowledged when it is stored."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import ConnectionClosedError
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from vrrpwatch_jetstream.lease import Lease
from vrrpwatch_jetstream.order import MOST_HELD, Order, Step
from vrrpwatch_jetstream.store import Store
from vrrpwatch_jetstream.stream import STREAM, Patience, connect, find_or_make, piece_of, subject

# The time in seconds behind which the server gives a piece again that was not acknowledged.
ACKNOWLEDGED_WITHIN = 30
# The time in seconds behind which the server forgets a reader that asks for nothing.
FORGOTTEN = 600
# The time in seconds for which a request waits for pieces.
_WAITING = 1.0
# The most pieces of a request.
_MOST_AT_ONCE = 64


@dataclass(frozen=True)
class Request:
    """What is to be read, and where it goes.

    ``group`` names the sensors that are judged together, ``owner`` who judges. ``folder`` is the store, of files of ``most`` bytes.
    A piece waits ``patience`` seconds for those before it. With ``only_stored`` reading ends when everything that the server had
    at the beginning was written.
    """

    sensor: str
    group: str
    owner: str
    server: str
    credentials: str | None
    folder: Path
    most: int
    patience: float
    only_stored: bool = False


class Reader:
    """Reads one sensor's pieces into a store and a function that writes."""

    def __init__(self, request: Request, write: Callable[[bytes], None], say: Callable[[str], None]) -> None:
        """Open the store; raises ``OSError`` and ``DamagedStoreError``."""
        self._request = request
        self._write = write
        self._say = say
        self._store = Store(request.folder, request.most)
        self._order: Order[Msg] = Order(self._store.position, request.patience)
        self._patience = Patience(say)
        self._subject = subject(request.group, request.sensor)
        # The number of the latest message that came.
        self._latest = self._store.position.done

    async def run(self) -> None:
        """Write what is stored, and then all that comes; each piece is on disk and written before it is acknowledged.

        Raises what ``write`` raises, ``LostError`` where another owner judges the group, ``OSError`` where the disk is full, and
        what the server refuses.
        """
        client = await connect(self._request.server, self._request.credentials, self._patience)
        keeping: asyncio.Task[None] | None = None
        try:
            context = client.jetstream(timeout=5)
            await find_or_make(context, self._patience)
            lease = await Lease.open(context, self._request.group, self._request.owner, self._patience, self._say)
            await lease.acquire()
            keeping = asyncio.create_task(lease.keep())
            for portion in self._store.contents():
                await asyncio.to_thread(self._write, portion)
            await self._follow(client, context, lease, keeping)
        finally:
            if keeping:
                keeping.cancel()
            self._store.close()
            await client.close()

    async def _follow(self, client: Client, context: JetStreamContext, lease: Lease, keeping: asyncio.Task[None]) -> None:
        end = await self._patience.until_done(lambda: self._last(context)) if self._request.only_stored else None
        subscription = await self._patience.until_done(lambda: self._subscribe(context))
        batch = 1
        while end is None or self._store.position.done < end:
            try:
                messages = await self._patience.until_done(lambda: self._fetch(client, subscription, batch))  # noqa: B023
            except NotFoundError:
                # The server forgot who asked for nothing for so long.
                subscription = await self._patience.until_done(lambda: self._subscribe(context))
                continue
            # A request that is not filled waits to its end, so only a backlog is asked for in batches.
            batch = min(2 * batch, _MOST_AT_ONCE) if len(messages) == batch else 1
            while not lease.is_held and not keeping.done():
                await asyncio.sleep(0.1)
            if keeping.done():
                keeping.result()
            await self._take(messages)

    async def _last(self, context: JetStreamContext) -> int:
        """The number of the sensor's last message; 0 for none."""
        try:
            return (await context.get_last_msg(STREAM, self._subject)).seq or 0
        except NotFoundError:
            return 0

    async def _subscribe(self, context: JetStreamContext) -> JetStreamContext.PullSubscription:
        """Ask for all that is not done.

        A reader of its own for each run, because the server would keep what an earlier run was given until that is late.
        """
        config = ConsumerConfig(
            filter_subject=self._subject,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self._store.position.done + 1,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ACKNOWLEDGED_WITHIN,
            max_ack_pending=2 * MOST_HELD,
            inactive_threshold=FORGOTTEN,
        )
        return await context.pull_subscribe(self._subject, stream=STREAM, config=config)

    async def _fetch(self, client: Client, subscription: JetStreamContext.PullSubscription, batch: int) -> list[Msg]:
        due = self._order.due
        waiting = _WAITING if due is None else max(0.01, min(_WAITING, due - time.monotonic()))
        try:
            return await subscription.fetch(batch, timeout=waiting)
        except TimeoutError:
            # Nothing came, or nobody answers.
            if not client.is_connected:
                raise ConnectionClosedError from None
            if due is None:
                await subscription.consumer_info()
            return []

    async def _take(self, messages: list[Msg]) -> None:
        now = time.monotonic()
        steps: list[Step[Msg]] = []
        for message in messages:
            self._latest = max(self._latest, message.metadata.sequence.stream)
            piece = piece_of(message.headers, message.data)
            if piece is None or piece.sensor != self._request.sensor:
                self._say(f"a message on {message.subject} is no piece of this sensor's stream, and is passed over")
                steps.append(Step(done=[message]))
            else:
                steps.append(self._order.take(piece, message, now))
        steps.append(self._order.wait(now))
        for remark in (remark for step in steps for remark in step.remarks):
            self._say(remark)
        parts = [part for step in steps for part in step.parts]
        done = [message for step in steps for message in step.done]
        if not done:
            return
        waiting = [message.metadata.sequence.stream for message in self._order.held]
        self._store.position.done = min(waiting) - 1 if waiting else self._latest
        await asyncio.to_thread(self._store.append, parts)
        if parts:
            await asyncio.to_thread(self._write, b"".join(part.body for part in parts))
        for message in done:
            await message.ack()
