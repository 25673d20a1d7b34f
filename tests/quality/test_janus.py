from appliance.model.quality import Told
from appliance.quality import janus
from appliance.quality.json_text import read_json
from tests.quality.samples import HERE, THERE, samples


def test_media_statistics_give_both_directions() -> None:
    value = read_json(samples()["janus-media-1"]["payload"].encode())
    assert janus.is_media(value)
    received, sent = janus.measured(value, (HERE, THERE))
    assert (received.told, received.packets, received.lost, received.jitter_ms) == (Told.RECEIVED, 250, 3, 2.0)
    assert (received.source_ip, received.round_trip_ms) == (THERE[0], 11.0)
    assert (sent.told, sent.packets, sent.lost, sent.loss_percent) == (Told.SENT, 250, 4, 1.6)


def test_an_event_holds_them_inside() -> None:
    value = read_json(samples()["janus-media-report"]["payload"].encode())
    received, _ = janus.measured(value, (HERE, THERE))
    assert (received.packets, received.jitter_ms) == (140, 44.0)
