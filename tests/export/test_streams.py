from appliance.export.streams import blocks, counted, merged, sent_of, streams
from appliance.model.quality import ReportKind, Told
from tests.export.reports import START_US, report

BACK = {"source_ip": "10.0.0.1", "source_port": 5000, "destination_ip": "10.0.0.2", "destination_port": 4000}


def test_each_direction_and_each_teller_is_a_stream() -> None:
    rows = [report(5), report(6, **BACK), report(7, kind=ReportKind.RTP_AGENT, told=Told.OBSERVED), report(10)]
    found = streams(rows)
    assert [len(stream.rows) for stream in found] == [2, 1, 1]
    assert [stream.source[0] for stream in found] == ["10.0.0.2", "10.0.0.2", "10.0.0.1"]


def test_what_senders_tell_comes_last_and_completes_what_receivers_tell() -> None:
    sent, heard = report(5, told=Told.SENT, ssrc=1, packets=250), report(5, ssrc=1, lost=3)
    found = streams([sent, heard])
    assert [stream.told for stream in found] == [Told.RECEIVED, Told.SENT]
    assert sent_of(found[0], found) == 250
    assert sent_of(found[0], found[:1]) is None


def test_figures_are_of_what_is_known() -> None:
    (stream,) = streams([report(5, mos=4.4, loss_percent=0.0), report(10, mos=3.0, loss_percent=6.0), report(15)])
    assert (stream.mos.average, stream.mos.worst) == (3.7, 3.0)
    assert (stream.loss_percent.average, stream.loss_percent.worst) == (3.0, 6.0)
    assert stream.jitter_ms.average is None and stream.round_trip_ms.worst is None
    assert stream.worst is not None and stream.worst.id == "t1-rtcp-10"


def test_counts_that_only_grow_go_on_from_the_beginning_and_others_are_added_up() -> None:
    (growing,) = streams([report(5, lost=1), report(10, lost=4)])
    (apart,) = streams([report(5, lost=4), report(10, lost=1)])
    assert (growing.lost, apart.lost, growing.packets) == (4, 5, None)


def test_without_loss_there_is_no_mos_and_it_says_why() -> None:
    (stream,) = streams([report(5, jitter_ms=4.0)])
    assert stream.mos.worst is None
    assert stream.without_mos == "not known: no loss reported"
    (sender,) = streams([report(5, told=Told.SENT)])
    assert sender.without_mos == "not known: a sender does not hear what arrives"
    (known,) = streams([report(5, mos=4.0, mos_model="reported")])
    assert known.without_mos == "" and known.mos_models == ("reported",)


def test_the_model_of_the_worst_mos_stands_first() -> None:
    (stream,) = streams([report(5, mos=4.4, mos_model="loss 0"), report(10, mos=3.0, mos_model="loss 6")])
    assert stream.mos_models == ("loss 6", "loss 0")


def test_reports_that_are_alike_have_no_worst() -> None:
    (stream,) = streams([report(5, mos=4.4), report(10, mos=4.4)])
    assert stream.worst is None


def test_a_block_begins_where_the_report_before_ends() -> None:
    (stream,) = streams([report(5, mos=4.4), report(10, mos=3.7), report(15, mos=2.0), report(20)])
    found = blocks(stream)
    assert [(b.from_us - START_US) // 1_000_000 for b in found] == [0, 5, 10, 15]
    assert [b.grade for b in found] == ["good", "fair", "bad", "unknown"]
    assert counted(found) == {"good": 1, "fair": 1, "bad": 1, "unknown": 1}


def test_one_report_tells_of_the_time_since_media_began() -> None:
    (stream,) = streams([report(30, loss_percent=0.5)])
    (block,) = blocks(stream, START_US + 2_000_000)
    assert (block.from_us, block.grade) == (START_US + 2_000_000, "good")


def test_joined_blocks_are_as_bad_as_their_worst() -> None:
    (stream,) = streams([report(5 * n, mos=2.0 if n == 7 else 4.4) for n in range(1, 101)])
    found = merged(blocks(stream), 10)
    assert len(found) == 10
    assert [b.grade for b in found] == ["bad", *["good"] * 9]
    assert found[0].row.id == "t1-rtcp-35"
    assert merged([], 10) == []
