from appliance.export.report.media import MOST_STREAMS, media
from appliance.model.quality import Told
from tests.export.material import material, reported
from tests.export.reports import report


def test_a_stream_has_its_figures_its_strip_and_a_chart_of_each_known_figure() -> None:
    (stream,) = media(reported())
    assert (stream.ends, stream.grade) == ("10.0.0.2:4000 → 10.0.0.1:5000", "bad")
    figures = dict(stream.figures)
    assert figures["Loss, average / worst"] == "1.25 / 2.5 %"
    assert (figures["MOS, average / worst"], stream.model) == ("3.55 / 2.8", "E-model")
    assert figures["Jitter, average / most"] == "not known"
    assert [name for name, _ in stream.charts] == ["MOS", "Loss %"]
    assert "strip-of-blocks" in stream.strip and stream.in_words.startswith("1 of 5 intervals good")


def test_its_points_lead_nowhere_outside_the_report() -> None:
    (stream,) = media(reported())
    drawn = stream.strip + "".join(svg for _, svg in stream.charts)
    assert drawn.count("href=") == drawn.count('href="#stream-1"') > 0


def test_why_there_is_no_mos_is_said() -> None:
    (stream,) = media(material(quality=(report(5, jitter_ms=3.0, source_port=0),)))
    assert dict(stream.figures)["MOS, average / worst"] == "not known: no loss reported"
    assert stream.ends == "10.0.0.2 → 10.0.0.1:5000"


def test_what_senders_tell_is_no_quality() -> None:
    assert media(material(quality=(report(5, told=Told.SENT, packets=9),))) == ()
    assert media(material()) == ()


def test_so_many_streams_are_drawn() -> None:
    many = tuple(report(1 + n / 100, ssrc=n, loss_percent=0.0) for n in range(MOST_STREAMS + 3))
    assert len(media(material(quality=many))) == MOST_STREAMS
