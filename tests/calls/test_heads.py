from dataclasses import replace

from appliance.calls.heads import heads, positions, room
from appliance.calls.hosts import Hosts
from appliance.model.rows import MessageRow
from tests.calls.made import flow

ROWS = flow("0 A>P INVITE", "1 P>B INVITE")


def made(rows: list[MessageRow], names: dict[str, str] | None = None, merged: tuple[tuple[str, ...], ...] = ()):  # type: ignore[no-untyped-def]
    hosts = Hosts(rows, merged)
    return heads(hosts.columns, hosts, names or {}, rows)


def test_an_alias_stands_above_the_address_and_port() -> None:
    head = made(ROWS, {"10.0.0.16": "Edge proxy"})[1]
    assert (head.lines, head.ports) == (("Edge proxy",), "10.0.0.16:5060")
    six = [replace(row, source_ip="2001:db8::1") for row in ROWS]
    assert made(six, {"2001:db8::1": "PBX"})[0].ports == "[2001:db8::1]:5060"


def test_agents_stand_in_the_heads_when_several_tell() -> None:
    assert [head.agents for head in made(ROWS)] == ["", "", ""]
    rows = [ROWS[0], replace(ROWS[1], node="edge-2")]
    assert [head.agents for head in made(rows)] == ["tap", "tap, edge-2", "edge-2"]


def test_merged_columns_say_how_many_they_are() -> None:
    head = made(ROWS, merged=(("10.0.0.16", "10.0.0.2"),))[1]
    assert head.lines == ("10.0.0.16 + 1",)
    assert head.keys == ("10.0.0.16", "10.0.0.2")
    assert "10.0.0.2" in head.title


def test_a_long_label_parts_its_columns_and_room_is_what_is_left() -> None:
    found = made(ROWS)
    near, _ = positions(found, ["INVITE"], [(0, 1)], 172)
    far, width = positions(found, ["x" * 30], [(0, 1)], 172)
    assert far[1] - far[0] > near[1] - near[0]
    assert room(far, width, 0, 1) < far[1] - far[0]
    assert 0 < room(far, width, 2, 2) < width - far[2]


def test_a_name_of_a_thousand_letters_stays_in_its_head() -> None:
    head = made(ROWS, {"10.0.0.1": "x" * 1000})[0]
    assert head.width < 250 and len(head.lines) == 2
