import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from appliance.geo import countries
from appliance.geo.countries import Countries, GeoError, _code, opened
from tests.captures import CAPTURES, load_json

FILES = CAPTURES / "maxmind-MaxMind-DB" / "test-data"
CITY, COUNTRY = FILES / "GeoIP2-City-Test.mmdb", FILES / "GeoLite2-Country-Test.mmdb"
LOOKUPS: list[dict[str, Any]] = load_json("geoip_expected")["lookups"]


@pytest.fixture(autouse=True)
def _look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(countries, "LOOK_EVERY_SECONDS", 0.0)


@pytest.mark.parametrize("stated", LOOKUPS, ids=lambda stated: str(stated["ip"]))
def test_each_address_has_the_country_that_the_file_states(stated: dict[str, Any]) -> None:
    assert Countries(CITY).country(stated["ip"]) == (stated["country_iso"] or "")
    assert Countries(COUNTRY).country(stated["ip"]) == (stated["country_db"] or "")


@pytest.mark.parametrize(
    "ip", ["10.0.0.1", "192.168.1.1", "127.0.0.1", "::1", "fe80::1", "100.64.0.1", "", "host", "1.2"]
)
def test_addresses_of_no_country_and_what_is_no_address_have_none(ip: str) -> None:
    assert Countries(CITY).country(ip) == ""


def test_without_a_file_every_country_is_unknown() -> None:
    assert Countries(None).country("81.2.69.142") == ""


def test_a_new_file_is_noticed_and_a_broken_one_leaves_the_last_in_use(tmp_path: Path) -> None:
    file = tmp_path / "geo.mmdb"
    held = Countries(file)
    assert held.problem == f"[paths] geoip {file}: cannot be read (No such file or directory)"
    assert held.country("175.16.199.0") == ""
    shutil.copy(COUNTRY, file)
    assert (held.country("175.16.199.0"), held.country("81.2.69.142"), held.problem) == ("", "GB", "")
    shutil.copy(CITY, tmp_path / "next")
    (tmp_path / "next").replace(file)
    assert held.country("175.16.199.0") == "CN"
    file.write_bytes(b"no database\n" * 100)
    assert held.country("175.16.199.0") == "CN"
    assert "this is no MaxMind database" in held.problem and "\n" not in held.problem


def test_a_file_cut_short_anywhere_raises_nothing_but_its_own_error(tmp_path: Path) -> None:
    whole = COUNTRY.read_bytes()
    for number, size in enumerate(range(0, len(whole), len(whole) // 60)):
        file = tmp_path / f"{number}.mmdb"
        file.write_bytes(whole[:size] + whole[-3000:] if number % 2 else whole[:size])
        assert Countries(file).country("81.2.69.142") in ("", "GB")


def test_a_file_of_something_else_has_no_countries() -> None:
    assert Countries(FILES / "GeoLite2-ASN-Test.mmdb").country("216.160.83.56") == ""
    with pytest.raises(GeoError, match="no MaxMind database"):
        opened(Path(os.devnull))


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ({"country": {"iso_code": "de"}}, "DE"),
        ({"country": "LV"}, "LV"),
        ({"country": "Latvia", "country_code": "LV"}, "LV"),
        ({"country": {"iso_code": 7}}, ""),
        ({"country": {"iso_code": "<b"}}, ""),
        ({"registered_country": {"iso_code": "US"}}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_the_code_is_found_as_each_maker_writes_it(found: object, code: str) -> None:
    assert _code(found) == code


def test_a_place_has_code_and_name_and_those_of_a_call_are_told_once() -> None:
    held = Countries(CITY)
    assert held.place("81.2.69.142") == ("GB", "United Kingdom")
    assert held.place("10.0.0.1") == Countries(None).place("81.2.69.142") == ("", "")
    assert held.among("175.16.199.0", "10.0.0.1", "81.2.69.142", "175.16.199.1") == ("CN", "GB")
    assert Countries(None).among("81.2.69.142") == ()
