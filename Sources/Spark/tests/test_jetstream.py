"""Streams over a real server of NATS, held against what the sensor wrote; the program is in the environment as VRRPWATCH."""

import asyncio
import fcntl
import os
import pathlib
import random
import subprocess
import sys

import nats
import pytest
import sensor
from broker import Broker
from test_stream import RECORDING, cut, whole

from vrrpwatch_jetstream.stream import STREAM, headers, piece_of, subject

COMMAND = [sys.executable, "-m", "vrrpwatch_jetstream.command"]


@pytest.fixture
def broker(tmp_path):
    """A server that is not started yet."""
    server = Broker(tmp_path / "server")
    yield server
    server.kill()


def publisher(broker, tmp_path, name="buffer", **given):
    """A publisher, which reads a stream from standard input."""
    words = [*COMMAND, "publish", "--server", broker.url, "--buffer", str(tmp_path / name)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=False, **given)


def publish(broker, tmp_path, stream, name="buffer"):
    """Publish a stream, and wait until the server has all of it."""
    process = publisher(broker, tmp_path, name)
    said = process.communicate(stream)[1]
    assert process.returncode == 0, said
    assert not list((tmp_path / name).iterdir())


def puller(broker, tmp_path, *options, name="store", **given):
    """A reader of the sensor berlin-1."""
    words = [*COMMAND, "pull", "berlin-1", "--server", broker.url, "--store", str(tmp_path / name), *options]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **given)


def pull(broker, tmp_path, *options, name="store"):
    """Read all that the server has, and return the stream and what was said."""
    process = puller(broker, tmp_path, "--stored", *options, name=name)
    stream, said = process.communicate()
    assert process.returncode == 0, said
    return stream, said.decode()


def report(stream):
    """The report of one machine on a stream."""
    words = [os.environ["VRRPWATCH"], "analyze", "--json", "-"]
    return subprocess.run(words, input=stream, capture_output=True).stdout


def wait_for(process, text):
    """Read what a process says until it says this."""
    said = []
    for line in process.stderr:
        said.append(line)
        if text in line:
            return
    raise AssertionError(f"the process ended without saying {text}: {said}")


def directly(broker, work):
    """Do something with a connection of our own."""

    async def run():
        client = await nats.connect(broker.url)
        try:
            return await work(client.jetstream())
        finally:
            await client.close()

    return asyncio.run(run())


def test_the_report_is_that_of_one_machine(broker, tmp_path):
    broker.start()
    publish(broker, tmp_path, whole())
    stream, said = pull(broker, tmp_path)
    assert stream == whole()
    assert said == ""
    assert b'"split-brain"' in report(stream) and report(stream) == report(whole())
    # What a folder holds is a recording as well.
    stored = tmp_path / "store" / "00000001.pcapng"
    assert stored.read_bytes() == whole()


def test_a_server_that_is_killed_and_begins_again(broker, tmp_path):
    broker.start()
    stream = whole()
    process = publisher(broker, tmp_path)
    reader = puller(broker, tmp_path)
    process.stdin.write(stream[:9000])
    process.stdin.flush()
    # The first packets are there, so the reader follows.
    read = os.read(reader.stdout.fileno(), 1 << 16)
    broker.kill()
    process.stdin.write(stream[9000:])
    process.stdin.close()
    wait_for(process, b"wait for the server")
    wait_for(reader, b"does not answer")
    broker.start()
    assert process.wait() == 0
    while len(read) < len(stream):
        read += os.read(reader.stdout.fileno(), 1 << 16)
    reader.kill()
    reader.communicate()
    process.stderr.close()
    assert read == stream


def test_a_publisher_that_repeats_everything(broker, tmp_path):
    broker.start()
    publish(broker, tmp_path, whole())
    publish(broker, tmp_path, whole(), "another")

    async def again(context):
        # Behind the time for which the server remembers identities, repetitions are stored.
        for piece in pieces:
            named = {name: value for name, value in headers(piece).items() if name != "Nats-Msg-Id"}
            await context.publish(subject("berlin-1", "berlin-1"), piece.content, headers=named)
        return (await context.stream_info(STREAM)).state.messages

    async def stored(context):
        count = (await context.stream_info(STREAM)).state.messages
        found = [await context.get_msg(STREAM, number + 1) for number in range(count)]
        return [(message.headers, message.data) for message in found]

    pieces = [piece_of(*message) for message in directly(broker, stored)]
    assert len({piece.name for piece in pieces}) == len(pieces)
    assert directly(broker, again) == 2 * len(pieces)
    assert pull(broker, tmp_path) == (whole(), "")


def test_a_reader_that_is_killed_before_it_acknowledges(broker, tmp_path):
    broker.start()
    publish(broker, tmp_path, whole() + whole(boot="02") + whole(boot="03"))
    reader = puller(broker, tmp_path)
    # A reader whose output nobody takes has stored a piece and cannot acknowledge.
    fcntl.fcntl(reader.stdout.fileno(), fcntl.F_SETPIPE_SZ, 4096)
    os.read(reader.stdout.fileno(), 1)

    async def pending(context):
        while True:
            consumers = await context.consumers_info(STREAM)
            if consumers and consumers[0].num_ack_pending and broker.positions(tmp_path / "store"):
                return consumers[0].num_ack_pending

    assert directly(broker, pending) > 0
    reader.kill()
    reader.communicate()
    assert pull(broker, tmp_path) == (whole() + whole(boot="02") + whole(boot="03"), "")


@pytest.mark.parametrize("seed", range(3))
def test_messages_out_of_order(broker, tmp_path, seed):
    broker.start()
    generator = random.Random(seed)
    pieces = cut(whole(), generator)
    sent = sorted(pieces + generator.sample(pieces, 5), key=lambda piece: piece.sequence + generator.random() * 30)

    async def shuffled(context):
        await context.add_stream(name=STREAM, subjects=[f"{STREAM}.>"])
        for piece in sent:
            await context.publish(subject("berlin-1", "berlin-1"), piece.content, headers=headers(piece))

    directly(broker, shuffled)
    assert pull(broker, tmp_path, "--patience", "60") == (whole(), "")


def test_a_piece_that_is_missing_is_a_hole(broker, tmp_path):
    broker.start()
    pieces = cut(whole(), random.Random(1))

    async def holed(context):
        await context.add_stream(name=STREAM, subjects=[f"{STREAM}.>"])
        for piece in pieces[:20] + pieces[21:]:
            await context.publish(subject("berlin-1", "berlin-1"), piece.content, headers=headers(piece))

    directly(broker, holed)
    stream, said = pull(broker, tmp_path, "--patience", "1")
    assert "piece 21 is missing of sensor berlin-1" in said
    assert b"packets that sensor berlin-1 captured are missing" in report(stream)


def test_the_sensors_disk_while_the_server_is_away(broker, tmp_path):
    process = publisher(broker, tmp_path)
    process.stdin.write(whole())
    process.stdin.close()
    wait_for(process, b"wait for the server")
    # The buffer survives the publisher.
    process.kill()
    process.wait()
    process.stderr.close()
    assert len(list((tmp_path / "buffer").iterdir())) > 0
    broker.start()
    publish(broker, tmp_path, whole(boot="02"))
    assert pull(broker, tmp_path) == (whole() + whole(boot="02"), "")


def test_each_group_is_judged_by_one(broker, tmp_path):
    broker.start()
    segments = tmp_path / "segments"
    segments.write_text('berlin-1/eth0 = "dmz"\nparis-1/eth0 = "dmz"\n')
    given = ["--segments", str(segments)]
    first = puller(broker, tmp_path, *given, "--owner", "first")
    words = [*COMMAND, "publish", "--server", broker.url, "--buffer", str(tmp_path / "buffer"), *given]
    assert subprocess.run(words, input=whole()).returncode == 0
    read = b""
    while len(read) < len(whole()):
        read += os.read(first.stdout.fileno(), 1 << 16)
    assert read == whole()
    second = puller(broker, tmp_path, *given, "--stored", "--owner", "second", name="other")
    wait_for(second, b"first judges berlin-1; waiting until it ends")
    # Another reader of the same owner need not wait.
    assert pull(broker, tmp_path, *given, "--owner", "first", name="third")[0] == whole()
    first.kill()
    first.communicate()
    # A new owner has the whole stream, of which the state is made again.
    assert second.communicate()[0] == whole()


def test_many_packets_and_a_store_of_several_files(broker, tmp_path):
    broker.start()
    path = tmp_path / "long.pcap"
    content = RECORDING.read_bytes()
    path.write_bytes(content + content[24:] * 39)
    stream = b"".join(sensor.blocks(path))
    publish(broker, tmp_path, stream)
    assert pull(broker, tmp_path, "--store-mb", "1")[0] == stream
    reader = puller(broker, tmp_path, "--stored", "--store-mb", "1")
    assert reader.communicate()[0].endswith(stream[-1000:])


def test_what_cannot_be_is_said(broker, tmp_path):
    broker.start()
    process = publisher(broker, tmp_path)
    said = process.communicate(b"This is no stream of a sensor.")[1]
    assert process.returncode == 2 and b"watch -w -" in said
    words = [*COMMAND, "publish", "--server", broker.url, "--buffer", str(tmp_path / "buffer"), "--", "/nowhere/vrrpwatch"]
    assert subprocess.run(words, capture_output=True).returncode == 3
    missing = subprocess.run([*words[:-2], "--segments", "/nowhere/segments"], capture_output=True)
    assert missing.returncode == 3 and b"cannot be read" in missing.stderr
    broken = subprocess.run([*words[:-2], "--", "sh", "-c", "exit 7"], capture_output=True)
    assert broken.returncode == 2 and b"sh ended with status 7" in broken.stderr
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "position.json").write_text('{"file": 1, "bytes": 9, "read": [], "done": 0}')
    process = puller(broker, tmp_path)
    assert process.wait() == 3 and b"remove" in process.stderr.read()
    process.stdout.close()
    process.stderr.close()


def test_a_reader_that_goes_away_is_no_error(broker, tmp_path):
    broker.start()
    process = puller(broker, tmp_path, "--stored", stdin=subprocess.DEVNULL)
    process.stdout.close()
    publish(broker, tmp_path, whole())
    process.wait()
    again = puller(broker, tmp_path)
    again.stdout.close()
    assert again.wait() == 0
    assert again.stderr.read() == b""
    again.stderr.close()
    process.stderr.close()
    assert pathlib.Path(tmp_path / "store" / "position.json").exists()
