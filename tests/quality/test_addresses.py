import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.quality.addresses import host_port
from tests.captures import load_json


@pytest.mark.parametrize(("text", "host", "port"), load_json("qos_samples")["addr_cases"]["cases"])
def test_every_recorded_spelling_is_read(text: str, host: str, port: int) -> None:
    assert host_port(text) == (host, port)


def test_polycom_puts_a_blank_and_hepgen_a_colon() -> None:
    assert host_port("IP= 10.0.0.139 PORT=2224 SSRC=3744842397") == ("10.0.0.139", 2224)
    assert host_port("IP:192.168.1.55 PORT:30539") == ("192.168.1.55", 30539)


@given(st.text())
def test_any_text_gives_a_port_that_there_can_be(text: str) -> None:
    assert 0 <= host_port(text)[1] <= 65535
