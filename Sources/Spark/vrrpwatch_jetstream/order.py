"""The order of pieces: by boot and sequence, each once, with holes only where pieces are really missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from vrrpwatch_jetstream.blocks import Piece

# The most pieces that wait for one in front of them.
MOST_HELD = 256
# The most starts of a sensor of which is known how far they were read.
_MOST_BOOTS = 64

Token = TypeVar("Token")


@dataclass
class Position:
    """How far a sensor's stream was read.

    ``read`` has the sequence of the last piece of each boot, the latest boot last. ``done`` is the server's number of a message:
    all up to there need not be asked for again.
    """

    read: dict[str, int] = field(default_factory=dict)
    done: int = 0

    @property
    def boot(self) -> str | None:
        """The boot that was read last; ``None`` before the first piece."""
        return next(reversed(self.read), None)


@dataclass(frozen=True)
class Part:
    """Bytes that are next in the stream; ``head`` goes before ``body`` only where a file begins with them."""

    head: bytes
    body: bytes


@dataclass
class Step(Generic[Token]):
    """What a piece leads to: bytes to store, tokens to acknowledge when they are, and what a person should know."""

    parts: list[Part] = field(default_factory=list)
    done: list[Token] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


class Order(Generic[Token]):
    """Takes pieces as they come, and gives their bytes back in order.

    A piece that comes too early waits for those in front of it, ``patience`` seconds at most; then those are a hole, which the
    head of the next piece tells to vrrpwatch. Times are seconds of any one clock.
    """

    def __init__(self, position: Position, patience: float) -> None:
        self.position = position
        self._patience = patience
        self._held: dict[int, tuple[Piece, Token, float]] = {}
        self._boot = position.boot

    @property
    def held(self) -> list[Token]:
        """The tokens of the pieces that wait."""
        return [token for _, token, _ in self._held.values()]

    @property
    def due(self) -> float | None:
        """The instant at which to call ``wait`` next; ``None`` while nothing waits."""
        return min((since for _, _, since in self._held.values()), default=None)

    def take(self, piece: Piece, token: Token, now: float) -> Step[Token]:
        """Take a piece; the token of a repetition is done at once."""
        step: Step[Token] = Step()
        if piece.boot != self._boot and piece.boot in self.position.read:
            if piece.sequence > self.position.read[piece.boot]:
                step.remarks.append(f"piece {piece.name} came after the sensor's next start, and is left out")
            step.done.append(token)
            return step
        if piece.boot != self._boot:
            while self._held:
                self._skip(step)
            self._boot = piece.boot
            self.position.read[piece.boot] = 0
            while len(self.position.read) > _MOST_BOOTS:
                del self.position.read[next(iter(self.position.read))]
        if piece.sequence <= self.position.read[piece.boot] or piece.sequence in self._held:
            # Where the piece waits still, the token that waits with the piece holds the position back.
            step.done.append(token)
            return step
        self._held[piece.sequence] = (piece, token, now + self._patience)
        self._release(step)
        while len(self._held) >= MOST_HELD:
            self._skip(step)
        return step

    def wait(self, now: float) -> Step[Token]:
        """Give up the pieces that were waited for long enough."""
        step: Step[Token] = Step()
        while self._held and (due := self.due) is not None and due <= now:
            self._skip(step)
        return step

    def _skip(self, step: Step[Token]) -> None:
        """Go on behind a hole, with the first piece that is there."""
        assert self._boot is not None
        first, last = min(self._held), self.position.read[self._boot]
        piece = self._held[first][0]
        missing = first - last - 1
        named = f"piece {last + 1} is" if missing == 1 else f"pieces {last + 1} to {first - 1} are"
        step.remarks.append(f"{named} missing of sensor {piece.sensor}, boot {piece.boot}")
        self.position.read[self._boot] = first - 1
        self._release(step, behind_hole=True)

    def _release(self, step: Step[Token], behind_hole: bool = False) -> None:
        assert self._boot is not None
        while held := self._held.pop(self.position.read[self._boot] + 1, None):
            piece, token, _ = held
            continues = not behind_hole and piece.sequence > 1
            step.parts.append(Part(piece.content[: piece.head], piece.body) if continues else Part(b"", piece.content))
            step.done.append(token)
            self.position.read[self._boot] = piece.sequence
            behind_hole = False
