"""Who judges a group: one owner at a time, by a key on the server that its owner renews."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from nats.js import JetStreamContext
from nats.js.api import KeyValueConfig
from nats.js.errors import BucketNotFoundError, KeyNotFoundError, KeyWrongLastSequenceError
from nats.js.kv import KeyValue

from vrrpwatch_jetstream.stream import Patience, token

BUCKET = "vrrpwatch-owners"
# The time in seconds behind which the server forgets an owner that does not renew.
LEASE = 10
_PAUSE = LEASE / 4


class LostError(RuntimeError):
    """Somebody else judges the group now."""


class Lease:
    """An owner's right to judge a group.

    All readers of one owner share it. Between the last renewal that the server confirmed and ``LEASE`` seconds later nobody else
    can have it, so that an owner who cannot reach the server stops by its own clock.
    """

    def __init__(self, bucket: KeyValue, group: str, owner: str, patience: Patience, say: Callable[[str], None]) -> None:
        self._bucket = bucket
        self._key = token(group)
        self._group = group
        self._owner = owner
        self._patience = patience
        self._say = say
        self._until = 0.0

    @classmethod
    async def open(cls, context: JetStreamContext, group: str, owner: str, patience: Patience, say: Callable[[str], None]) -> Lease:
        """Return a lease that is not held yet; the bucket of owners is made where there is none."""

        async def attempt() -> KeyValue:
            try:
                return await context.key_value(BUCKET)
            except BucketNotFoundError:
                return await context.create_key_value(KeyValueConfig(bucket=BUCKET, ttl=LEASE))

        return cls(await patience.until_done(attempt), group, owner, patience, say)

    @property
    def is_held(self) -> bool:
        """Whether the group is certainly ours at this instant."""
        return time.monotonic() < self._until

    async def acquire(self) -> None:
        """Wait until the group is ours."""
        said = None
        while (holder := await self._patience.until_done(self._claim)) is not None:
            if holder != said:
                self._say(f"{holder} judges {self._group or 'sensors of no group'}; waiting until it ends")
            said = holder
            await asyncio.sleep(_PAUSE)

    async def keep(self) -> None:
        """Renew the lease for ever; raises ``LostError`` where somebody else has it."""
        while True:
            await asyncio.sleep(_PAUSE)
            holder = await self._patience.until_done(self._claim)
            if holder is not None:
                raise LostError(f"{holder} judges {self._group or 'sensors of no group'} now")

    async def _claim(self) -> str | None:
        """Take or renew the lease, and return who has it otherwise."""
        # The server counts from when the key is there, which is behind this instant.
        asked = time.monotonic()
        try:
            entry = await self._bucket.get(self._key)
            holder = (entry.value or b"").decode("utf-8", "replace")
            if holder != self._owner:
                return holder
            await self._bucket.update(self._key, self._owner.encode(), last=entry.revision)
        except KeyNotFoundError:
            try:
                await self._bucket.create(self._key, self._owner.encode())
            except KeyWrongLastSequenceError:
                return await self._claim()
        except KeyWrongLastSequenceError:
            # Another reader of the same owner was faster, or the key ran out and is somebody else's.
            return await self._claim()
        self._until = asked + LEASE
        return None
