"""The stream of a fleet on a server: its name, its subjects, and the headers of its messages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

import nats
from nats.aio.client import Client
from nats.errors import ConnectionClosedError, NoServersError
from nats.js import JetStreamContext
from nats.js.api import RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import APIError, NoStreamResponseError, NotFoundError

from vrrpwatch_jetstream.blocks import Piece

STREAM = "vrrpwatch"
# The time in seconds for which the server remembers the identities of pieces.
REPEATS = 600
# The time in seconds for which a stream that this package makes keeps pieces.
KEPT = 7 * 24 * 3600
_AWAY = (asyncio.TimeoutError, NoStreamResponseError, ConnectionClosedError, NoServersError, OSError)

Result = TypeVar("Result")


def token(name: str) -> str:
    """Return a name as a part of a subject: dots, which part subjects, become ``_``, and ``_`` becomes ``__``."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", name.replace("_", "__").replace(".", "_")) or "all"


def subject(group: str, sensor: str) -> str:
    """Return the subject of a sensor's pieces; all sensors that share segments are one group."""
    return f"{STREAM}.{token(group)}.{token(sensor)}"


def headers(piece: Piece) -> dict[str, str]:
    """Return the headers of a piece's message."""
    return {
        "Nats-Msg-Id": piece.name,
        "Vrrpwatch-Sensor": piece.sensor,
        "Vrrpwatch-Boot": piece.boot,
        "Vrrpwatch-Sequence": str(piece.sequence),
        "Vrrpwatch-Head": str(piece.head),
    }


def piece_of(headers: dict[str, str] | None, content: bytes) -> Piece | None:
    """Return the piece of a message; ``None`` for a message that is none."""
    said = headers or {}
    try:
        sensor, boot = said["Vrrpwatch-Sensor"], said["Vrrpwatch-Boot"]
        sequence, head = int(said["Vrrpwatch-Sequence"]), int(said["Vrrpwatch-Head"])
    except (KeyError, ValueError):
        return None
    is_sound = re.fullmatch(r"[0-9a-f]{1,32}", boot) and 0 < sequence < 1 << 62 and 0 <= head <= len(content)
    return Piece(sensor, boot, sequence, head, content) if is_sound else None


class Patience:
    """Tries what a server must answer again until it does, and says once that it is away and once that it is back."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._is_away = False

    async def until_done(self, attempt: Callable[[], Awaitable[Result]]) -> Result:
        """Return the result of the first attempt that the server answers; raises what the server refuses."""
        pause = 0.25
        while True:
            try:
                result = await attempt()
            except _AWAY as error:
                self._note_absence(error)
            except APIError as error:
                # A server that has just begun has no stream yet, or is full; the latter may pass.
                if error.code is None or error.code < 500:
                    raise
                self._note_absence(error)
            else:
                if self._is_away:
                    self._say("the server answers again")
                self._is_away = False
                return result
            await asyncio.sleep(pause)
            pause = min(2 * pause, 5)

    def _note_absence(self, error: Exception) -> None:
        if not self._is_away:
            self._say(f"the server does not answer, and is asked again until it does: {error or type(error).__name__}")
        self._is_away = True


async def connect(server: str, credentials: str | None, patience: Patience) -> Client:
    """Connect to a server, however long it is away."""

    async def quiet(error: Exception) -> None:
        """Do nothing: whoever waits for an answer says that none comes."""

    async def attempt() -> Client:
        options = {"user_credentials": credentials} if credentials else {}
        return await nats.connect(
            server,
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.25,
            allow_reconnect=True,
            connect_timeout=5,
            error_cb=quiet,
            name="vrrpwatch-jetstream",
            **options,
        )

    return await patience.until_done(attempt)


async def find_or_make(context: JetStreamContext, patience: Patience) -> None:
    """See to it that there is a stream; one that is there is left as it is."""

    async def attempt() -> None:
        try:
            await context.stream_info(STREAM)
        except NotFoundError:
            await context.add_stream(
                StreamConfig(
                    name=STREAM,
                    subjects=[f"{STREAM}.>"],
                    retention=RetentionPolicy.LIMITS,
                    storage=StorageType.FILE,
                    max_age=KEPT,
                    duplicate_window=REPEATS,
                )
            )

    await patience.until_done(attempt)
