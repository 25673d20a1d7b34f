import select
import socket
import time

from appliance.capture.mixture import number_of
from appliance.cli.benchmark import steady
from appliance.hep.decode import decode


def test_it_sends_at_its_rate_until_the_block_is_over_and_says_how_many() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        listener.bind(("127.0.0.1", 0))
        with steady.sending(listener.getsockname()[1], 500) as sender:
            select.select([listener], [], [], 30)
            begun = time.monotonic()
            time.sleep(0.5)
        took = time.monotonic() - begun
        listener.setblocking(False)
        numbers = []
        for _ in range(sender.sent):
            numbers.append(number_of(decode(listener.recv(65535)).payload))
    assert numbers == list(range(sender.sent))
    assert 200 <= sender.sent <= 500 * (took + 1)
