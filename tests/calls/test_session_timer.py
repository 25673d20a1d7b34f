from dataclasses import replace

import pytest

from appliance.calls.session_timer import GRACE_US, last_refresh, runs_out_us
from appliance.model.rows import MessageRow
from tests.calls.made import at, brief, flow

ANSWERED = ("0 A>P INVITE", "10 P>B INVITE", "50 B>P 200 INVITE", "60 P>A 200 INVITE", "90 A>P ACK")


def said(*headers: str) -> MessageRow:
    (row,) = flow("0 A>B 200 INVITE")
    return replace(row, raw="\r\n".join(["SIP/2.0 200 OK", *headers, "", ""]).encode())


def test_the_last_answer_that_sets_the_timer_is_taken_with_all_its_hops() -> None:
    assert brief(last_refresh(flow(*ANSWERED))) == ["B>P 200 INVITE", "P>A 200 INVITE"]
    refreshed = flow(*ANSWERED, "900 B>A UPDATE by=callee cseq=7", "910 A>B 200 UPDATE cseq=7")
    assert brief(last_refresh(refreshed)) == ["A>B 200 UPDATE"]


@pytest.mark.parametrize("later", ["900 B>A 491 INVITE cseq=2", "900 B>A 200 INFO cseq=2", "900 B>A 180 INVITE cseq=2"])
def test_what_is_no_answer_to_a_refresh_sets_nothing(later: str) -> None:
    assert brief(last_refresh(flow(*ANSWERED, later))) == ["B>P 200 INVITE", "P>A 200 INVITE"]


def test_without_an_answer_there_is_no_timer() -> None:
    assert last_refresh(flow("0 A>B INVITE")) == []
    assert runs_out_us([]) is None


def test_a_timer_of_one_hop_is_enough_and_runs_from_the_last_of_them() -> None:
    one, other = said("Content-Length: 0"), said("Session-Expires: 1800;refresher=uac")
    later = replace(one, filed_ts=at(40))
    assert runs_out_us([later, other]) == at(40) + 1_800_000_000 + GRACE_US


@pytest.mark.parametrize(("header", "seconds"), [("x: 600", 600), ("SESSION-EXPIRES : 1800 ;refresher=uas", 1800),
                                                 ("Session-Expires: 5", 90)])  # fmt: skip
def test_it_is_read_in_every_spelling_and_never_shorter_than_allowed(header: str, seconds: int) -> None:
    assert runs_out_us([said(header)]) == at(0) + seconds * 1_000_000 + GRACE_US


@pytest.mark.parametrize("header", ["Session-Expires: soon", "Session-Expires:", "Session-Expires: -5", "Expires: 90",
                                    "Session-Expires: 0", "Session-Expires: 99999999999999999999"])  # fmt: skip
def test_what_is_no_timer_is_none(header: str) -> None:
    assert runs_out_us([said(header)]) is None
    assert runs_out_us([replace(said(), raw=None)]) is None
