"""Fields that are looked for in a session description and in what joins calls: the columns `sdp` and `leg_keys`."""

import pytest

from appliance.model.kinds import Kind
from appliance.sip.leg_keys import leg_keys
from appliance.sip.session import summary
from appliance.storage.connection import Database
from tests.storage.search.asking import callids, cases
from tests.storage.search.stored import NOON, Sent, a_call, store, store_calls

UUID = b"ab30317f1a784dc48ff824d0d3715d86"


def body(address: str, port: int, version: str = "IP4") -> bytes:
    lines = [
        "v=0",
        f"o=- 1 2 IN {version} 10.9.9.9",
        "s=-",
        f"c=IN {version} {address}",
        "t=0 0",
        f"m=audio {port} RTP/AVP 8",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def keys(session_id: bytes, charging: bytes) -> bytes:
    return leg_keys((), b"", charging, b"", [(b"session-id", session_id)])


SENT = [
    Sent(at=NOON, callid=b"1", columns={
        "sdp": summary(body("10.0.0.7", 40000)), "leg_keys": keys(UUID.upper() + b";remote=" + b"0" * 32, b"")}),
    Sent(at=NOON + 1, callid=b"2", columns={
        "sdp": summary(body("10.0.0.70", 4000)), "leg_keys": keys(b"", b'icid-value="ab;c_1";orig-ioi=x')}),
    Sent(at=NOON + 2, callid=b"3", columns={"sdp": summary(body("2001:db8::1", 5004, "IP6"))}),
    Sent(at=NOON + 3, callid=b"4"),
    Sent(at=NOON + 4, callid=b"5", kind=Kind.LOG),
]  # fmt: skip

FOUND = r"""
media:10.0.0.7                              1
media:10.0.0.7:40000                        1
media:10.0.0.7:4000                         -
media:10.0.0.70:4000                        2
media:10.0.0.7;10.0.0.70                    12
media:10.0.0.0/24                           12
media:10.0.0.0/8                            12
media:10.9.9.9                              -
media:2001:db8::1                           3
media:[2001:DB8::1]:5004                    3
media:10.0.*                                12
media:*.70                                  2
media:*                                     123
NOT media:*                                 4
sessionid:ab30317f1a784dc48ff824d0d3715d86  1
sessionid:AB30317F*                         1
sessionid:ab30317f                          -
sessionid:*                                 1
icid:ab\;c_1                                2
icid:ab*                                    2
icid:ab?c_1                                 -
icid:*                                      2
NOT icid:*                                  134
"""


@pytest.mark.parametrize(("line", "found"), cases(FOUND))
async def test_they_are_found_in_messages_and_in_the_calls_of_these(database: Database, line: str, found: str) -> None:
    await store(database, SENT)
    await store_calls(database, [a_call(str(n), started=NOON + n - 1) for n in range(1, 5)])
    assert "".join(sorted(await callids(database, line))) == found
    assert "".join(sorted(await callids(database, line, "calls"))) == found
