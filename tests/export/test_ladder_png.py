import io
import os
import struct
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from appliance.calls.ladder import Ladder
from appliance.export import ladder_png
from appliance.export.ladder_png import PictureError, archive, draw, drawings, pages, png
from appliance.export.ladder_svg import svg_file
from appliance.export.prepared import prepared
from tests.calls.made import flow
from tests.calls.recorded import recorded

MANY = [replace(row, id=f"{n:04}", payload_hash=n, ts=row.ts + n, filed_ts=row.ts + n)
        for n, row in enumerate(flow("0 A>B INFO") * 401)]  # fmt: skip
SMALL = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10" fill="red"/></svg>'


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG."""
    return struct.unpack(">II", picture[16:24])


def test_a_call_is_a_picture_half_as_large_again_as_the_drawing() -> None:
    ladder = prepared(recorded("NormB-sipnab/tests/pcap-samples/sip-proxy.pcap")).ladder
    width, height = size(png(ladder))
    assert width == round(ladder.width * 1.5)
    assert height == pytest.approx((ladder.head_height + ladder.body_height + 8) * 1.5, abs=1)


def test_names_in_any_script_are_drawn() -> None:
    plain = png(prepared(flow("0 A>B INVITE"), {"10.0.0.1": "Buro"}).ladder)
    accented = png(prepared(flow("0 A>B INVITE"), {"10.0.0.1": "Büro"}).ladder)
    assert size(plain) == size(accented)
    assert plain != accented


def test_a_long_call_has_pages_of_two_hundred() -> None:
    ladder = prepared(MANY).ladder
    assert pages(ladder) == 3
    assert size(png(ladder, 2))[1] < size(png(ladder, 0))[1]
    with pytest.raises(IndexError):
        png(ladder, 3)


def test_pages_are_drawn_beside_each_other_and_come_in_their_order() -> None:
    ladder = prepared(MANY).ladder
    assert [drawn() for drawn in drawings(ladder)] == [png(ladder, number) for number in range(3)]


def test_a_page_that_cannot_be_drawn_is_told_at_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = ladder_png.png

    def second_fails(ladder: Ladder, number: int, *more: Any) -> bytes:
        if number == 1:
            raise PictureError("no")
        return whole(ladder, number, *more)

    monkeypatch.setattr(ladder_png, "png", second_fails)
    first, second, third = drawings(prepared(MANY).ladder)
    assert first().startswith(b"\x89PNG") and third().startswith(b"\x89PNG")
    with pytest.raises(PictureError):
        second()


def test_large_pages_are_drawn_one_after_another_with_all_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr(ladder_png, "png", lambda ladder, number, title, memory: given.append(memory) or b"")
    ladder = prepared(MANY).ladder
    assert len(list(drawings(ladder))) == 3
    monkeypatch.setattr(ladder_png, "MOST_PIXELS", 1000)
    assert len(list(drawings(replace(ladder)))) == 3
    at_once = min(ladder_png.AT_ONCE, os.cpu_count() or 1)
    assert given == [ladder_png.MEMORY_BYTES // at_once] * 3 + [ladder_png.MEMORY_BYTES] * 3


def test_a_picture_holds_nothing_to_point_at() -> None:
    ladder = prepared(MANY[:3]).ladder
    drawn = svg_file(ladder, picture=True)
    assert "<a " not in drawn and 'class="hit"' not in drawn and drawn.count("<title") == 1 + len(ladder.hosts)
    assert draw(drawn) == draw(svg_file(ladder, picture=True).replace("<g>", "<g><title>x</title>"))


def test_all_pages_are_one_file() -> None:
    ladder = prepared(MANY).ladder
    with zipfile.ZipFile(io.BytesIO(archive(ladder, "call-x"))) as found:
        assert found.namelist() == ["call-x.page-1.png", "call-x.page-2.png", "call-x.page-3.png"]
        assert found.read("call-x.page-3.png") == png(ladder, 2)
        assert found.infolist()[0].date_time[:3] == (2026, 11, 23)


def test_a_call_before_there_were_zips_has_one_too() -> None:
    rows = [replace(row, ts=0, filed_ts=0) for row in flow("0 A>B INVITE")]
    with zipfile.ZipFile(io.BytesIO(archive(prepared(rows).ladder, "x"))) as found:
        assert found.infolist()[0].date_time[0] == 1980


def test_a_very_wide_call_is_drawn_smaller() -> None:
    rows = [replace(row, source_ip=f"10.1.{n // 250}.{n % 250}", id=f"{n:04}", payload_hash=n)
            for n, row in enumerate(flow("0 A>B OPTIONS") * 200)]  # fmt: skip
    width, height = size(png(prepared(rows).ladder))
    assert width * height <= ladder_png.MOST_PIXELS * 1.01


def test_what_needs_too_much_memory_is_refused_in_a_sentence() -> None:
    with pytest.raises(PictureError, match="the SVG or the text has the same call"):
        draw(SMALL, zoom=3000.0, memory_bytes=300 << 20)


def test_what_is_no_drawing_is_refused() -> None:
    with pytest.raises(PictureError):
        draw("<svg")


def test_what_takes_too_long_is_stopped() -> None:
    with pytest.raises(PictureError, match="longer than"):
        draw(SMALL, seconds=0.01)


def test_nothing_is_fetched_for_a_drawing() -> None:
    outside = SMALL.replace("<rect", '<image href="file:///etc/hostname" width="9" height="9"/><rect')
    assert draw(outside) == draw(SMALL)
