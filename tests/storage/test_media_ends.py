from hypothesis import given
from hypothesis import strategies as st

from appliance.model.ids import HASH_MASK
from appliance.storage.media_ends import canonical, end_hash, end_key, sought
from tests.storage.search.stored import HOUR, NOON


def test_one_address_has_one_key_however_it_is_written() -> None:
    assert end_hash("::ffff:10.0.0.1", 4000) == end_hash("10.0.0.1", 4000)
    assert end_hash("2001:DB8:0::1", 4000) == end_hash("[2001:db8::1]", 4000)
    assert canonical("media.example.com") == "media.example.com"


def test_an_end_that_is_no_place_has_no_key() -> None:
    for ip, port in (("10.0.0.1", 0), ("0.0.0.0", 4000), ("::", 4000), ("", 4000)):
        assert end_key(ip, port, NOON) is None


def test_the_key_grows_with_the_hour() -> None:
    key, later = end_key("10.0.0.1", 4000, NOON), end_key("10.0.0.1", 4000, NOON + HOUR)
    assert key is not None and later is not None
    assert (key >> 56, later >> 56) == (12, 13)
    assert key & HASH_MASK == later & HASH_MASK


def test_reports_are_sought_at_the_port_of_rtp_and_the_one_above() -> None:
    assert set(sought([("::ffff:10.0.0.1", 4001), ("0.0.0.0", 5)]).values()) == {("10.0.0.1", 4001), ("10.0.0.1", 4002)}


@given(st.text(), st.integers(-1, 70000))
def test_whatever_an_address_is_it_has_a_key_or_none(ip: str, port: int) -> None:
    hash_ = end_hash(ip, port)
    assert hash_ is None or 0 <= hash_ <= HASH_MASK
