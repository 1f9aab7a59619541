"""Pieces, their order and their store, without a server."""

import pathlib
import random

import pytest
import sensor

from vrrpwatch_jetstream.blocks import BlockReader, PieceMaker, StreamError
from vrrpwatch_jetstream.order import MOST_HELD, Order, Position
from vrrpwatch_jetstream.spool import Spool
from vrrpwatch_jetstream.store import DamagedStoreError, Store
from vrrpwatch_jetstream.stream import headers, piece_of, subject

RECORDING = pathlib.Path(__file__).resolve().parents[3] / "Fixtures" / "Captures" / "split-brain-deaf-backup" / "capture.pcap"
PATIENCE = 5


def cut(stream, generator):
    """The pieces of a stream that comes in portions of any size, cut at any places."""
    reader, maker, pieces = BlockReader(), PieceMaker(), []
    while stream:
        count = generator.randrange(1, 2000)
        for block in reader.feed(stream[:count]):
            pieces += [maker.take(block)]
            if generator.random() < 0.2:
                pieces += [maker.cut()]
        stream = stream[count:]
    reader.end()
    return [piece for piece in [*pieces, maker.cut()] if piece]


def whole(boot="9f86d081884c7d65", **given):
    """The stream of the recording."""
    return b"".join(sensor.blocks(RECORDING, boot=boot, **given))


def told(steps):
    """The bytes, the tokens and the remarks of steps."""
    return (
        b"".join(part.body for step in steps for part in step.parts),
        [token for step in steps for token in step.done],
        [remark for step in steps for remark in step.remarks],
    )


@pytest.mark.parametrize("seed", range(20))
def test_pieces_in_any_order_and_twice_are_the_stream(seed):
    generator = random.Random(seed)
    stream = whole() + whole(boot="02") + whole(boot="03", first=7)
    pieces = cut(stream, generator)
    assert b"".join(piece.body for piece in pieces) == stream
    # Boots follow each other; within one, a piece comes at most MOST_HELD places too early.
    sent = [(generator.random() * 30 + place, piece) for place, piece in enumerate(pieces)]
    sent += [(place + generator.random() * 60, piece) for place, piece in generator.sample(sent, len(sent) // 3)]
    sent.sort(key=lambda item: (["9f86d081884c7d65", "02", "03"].index(item[1].boot), item[0]))
    order = Order(Position(), PATIENCE)
    steps = [order.take(piece, token, token / 100) for token, (_, piece) in enumerate(sent)]
    content, done, remarks = told(steps)
    assert content == stream
    assert sorted(done) == list(range(len(sent)))
    assert remarks == []
    assert order.due is None


@pytest.mark.parametrize("seed", range(20))
def test_a_hole_is_told_once_and_only_behind_patience(seed):
    generator = random.Random(seed)
    pieces = cut(whole(), generator)
    first = generator.randrange(1, len(pieces) - 1)
    last = min(len(pieces) - 2, first + generator.randrange(3))
    order = Order(Position(), PATIENCE)
    kept = pieces[:first] + pieces[last + 1 :]
    steps = [order.take(piece, piece.sequence, 0.0) for piece in kept]
    assert order.due == PATIENCE
    assert told([order.wait(PATIENCE - 0.001)]) == (b"", [], [])
    steps.append(order.wait(PATIENCE))
    content, done, remarks = told(steps)
    expected = [*pieces[:first], *pieces[last + 2 :]]
    assert content.startswith(b"".join(piece.body for piece in pieces[:first]) + pieces[last + 1].content)
    assert content.endswith(b"".join(piece.body for piece in expected[first:]))
    assert sorted(done) == [piece.sequence for piece in kept]
    assert len(remarks) == 1 and "missing of sensor berlin-1" in remarks[0]
    late = order.take(pieces[first], "late", PATIENCE)
    assert told([late]) == (b"", ["late"], [])


def test_the_pieces_that_wait_are_bounded():
    pieces = []
    reader, maker = BlockReader(), PieceMaker()
    for block in reader.feed(whole() * 3):
        pieces += [piece for piece in (maker.take(block), maker.cut()) if piece]
    order = Order(Position(), PATIENCE)
    steps = [order.take(piece, piece.sequence, 0.0) for piece in pieces[1 : MOST_HELD + 1]]
    assert len(told(steps)[2]) == 1
    assert order.due is None


def test_a_piece_of_an_earlier_start_is_left_out_and_said():
    pieces = cut(whole(), random.Random(1))
    order = Order(Position(), PATIENCE)
    order.take(pieces[0], 0, 0.0)
    order.take(cut(whole(boot="02"), random.Random(2))[0], 1, 0.0)
    step = order.take(pieces[1], 2, 0.0)
    assert step.done == [2] and "next start" in step.remarks[0] and not step.parts


@pytest.mark.parametrize(
    "stream",
    [b"\xd4\xc3\xb2\xa1" + bytes(20), b"no capture at all", whole()[:-5], whole()[28:], whole().replace(b"sensor", b"captor")],
)
def test_what_is_no_stream_of_a_sensor_is_said(stream):
    with pytest.raises(StreamError, match=r"byte \d+|watch -w -"):
        cut(stream, random.Random(0))


def test_hostile_blocks_are_errors():
    generator = random.Random(5)
    stream = whole()
    for _ in range(500):
        damaged = bytearray(stream[:4000])
        for _ in range(generator.randrange(1, 4)):
            damaged[generator.randrange(len(damaged))] = generator.randrange(256)
        try:
            pieces = cut(bytes(damaged), generator)
        except StreamError:
            continue
        assert b"".join(piece.body for piece in pieces) == bytes(damaged)


def test_messages_carry_pieces_and_others_are_told_from_them():
    piece = cut(whole(), random.Random(3))[1]
    assert piece_of(headers(piece), piece.content) == piece
    for name, value in (("Boot", "x/y"), ("Sequence", "-1"), ("Sequence", "many"), ("Head", "99999999")):
        assert piece_of({**headers(piece), f"Vrrpwatch-{name}": value}, piece.content) is None
    assert piece_of(None, b"") is None
    assert subject("", "a.b_c") == "vrrpwatch.all.a_b__c"
    assert subject("g", "a.b") != subject("g", "a_b")


def test_a_spool_survives_its_process_and_leaves_out_the_oldest(tmp_path):
    pieces = cut(whole(), random.Random(4))
    spool = Spool(tmp_path, 1 << 20)
    for piece in pieces:
        spool.put(piece)
    again = Spool(tmp_path, 1 << 20)
    found = []
    while oldest := again.first():
        found.append(oldest[1])
        again.remove(oldest[0])
    assert found == pieces
    small = Spool(tmp_path, 4000)
    for piece in pieces:
        small.put(piece)
    assert small.left_out > 0 and small.first()[1] == pieces[small.left_out]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 4000


@pytest.mark.parametrize("most", [1, 2000, 1 << 20])
def test_a_store_goes_on_where_its_position_says(tmp_path, most):
    generator = random.Random(most)
    stream = whole()
    pieces = cut(stream, generator)
    written = b""
    place = 0
    while place < len(pieces):
        store = Store(tmp_path, most)
        order = Order(store.position, PATIENCE)
        for piece in pieces[: place + generator.randrange(1, 6)]:
            step = order.take(piece, piece.sequence, 0.0)
            store.append(step.parts)
            written += b"".join(part.body for part in step.parts)
        store.close()
        place = store.position.read["9f86d081884c7d65"]
        # A process that was killed leaves bytes that nobody acknowledged.
        latest = max(tmp_path.glob("*.pcapng"))
        latest.write_bytes(latest.read_bytes() + b"half a piece")
    assert written == stream
    stored = b"".join(Store(tmp_path, most).contents())
    assert stored == stream if most > len(stream) else stored.endswith(pieces[-1].body)
    assert stored.startswith(b"\x0a\x0d\x0d\x0a")
    assert len(list(tmp_path.glob("*.pcapng"))) <= 2


def test_a_store_that_lacks_bytes_is_refused(tmp_path):
    pieces = cut(whole(), random.Random(6))
    store = Store(tmp_path, 1 << 20)
    order = Order(store.position, PATIENCE)
    store.append(order.take(pieces[0], 1, 0.0).parts)
    store.close()
    (tmp_path / "00000001.pcapng").write_bytes(b"")
    with pytest.raises(DamagedStoreError, match="remove"):
        Store(tmp_path, 1 << 20)
