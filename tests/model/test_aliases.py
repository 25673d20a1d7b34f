import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.model import aliases
from appliance.model.aliases import NONE, Alias, AliasError, Aliases, checked

ALL = Aliases([
    Alias("10.0.0.0/8", "office"),
    Alias("10.1.0.0/16", "lab", group="Labs"),
    Alias("10.1.2.3", "sbc", group="Carriers"),
    Alias("10.1.2.3", "sbc-tls", 5061, "Carriers"),
    Alias("2001:db8::/32", "six", group="carriers"),
    Alias("192.0.2.0/24", "only-sip", 5060),
])  # fmt: skip


@pytest.mark.parametrize(
    ("ip", "port", "name"),
    [
        ("10.9.9.9", 5060, "office"),
        ("10.1.9.9", 5060, "lab"),
        ("10.1.2.3", 5060, "sbc"),
        ("10.1.2.3", 5061, "sbc-tls"),
        ("2001:db8::7", 0, "six"),
        ("192.0.2.7", 5060, "only-sip"),
        ("192.0.2.7", 5061, ""),
        ("203.0.113.1", 5060, ""),
        ("", 5060, ""),
        ("no address", 1, ""),
    ],
)
def test_the_nearest_name_counts(ip: str, port: int, name: str) -> None:
    assert ALL.name_of(ip, port) == name
    assert ALL.name_of(ip, port) == name, "also when it is asked again"


def test_names_and_groups_are_found_whatever_their_case() -> None:
    assert [alias.address for alias in ALL.named("SBC")] == ["10.1.2.3"]
    assert {alias.name for alias in ALL.named("CARRIERS")} == {"sbc", "sbc-tls", "six"}
    assert ALL.of_group("sbc") == () and ALL.of_group("") == ()
    assert (ALL.groups, ALL.names[:2]) == (("Carriers", "Labs"), ("lab", "office"))
    assert not NONE and NONE.of("10.0.0.1") is None


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aliases, "MOST_KNOWN", 3)
    found = Aliases([Alias("10.0.0.0/8", "office")])
    assert {found.name_of(f"10.0.0.{number}") for number in range(20)} == {"office"}
    assert len(found._known) <= 3


@pytest.mark.parametrize(
    ("written", "alias"),
    [
        (("10.0.0.1", " Carrier  A "), Alias("10.0.0.1", "Carrier A")),
        (("10.0.0.1/32", "a", "5060", "g", "Red"), Alias("10.0.0.1", "a", 5060, "g", "red")),
        (("10.0.0.7/24", "a"), Alias("10.0.0.0/24", "a")),
        (("[2001:DB8::1]", "a", "0"), Alias("2001:db8::1", "a")),
        (("::ffff:10.0.0.1", "a"), Alias("10.0.0.1", "a")),
        (("::ffff:10.0.0.0/104", "a"), Alias("10.0.0.0/8", "a")),
    ],
)
def test_aliases_are_read_as_people_write_them(written: tuple[str, ...], alias: Alias) -> None:
    assert checked(*written) == alias


@pytest.mark.parametrize(
    ("written", "where"),
    [
        (("10.0.0.256", "a"), "address"),
        (("host", "a"), "address"),
        (("fe80::1%eth0", "a"), "address"),
        (("10.0.0.1", " "), "name"),
        (("10.0.0.1", "a*"), "name"),
        (("10.0.0.1", "x" * 65), "name"),
        (("10.0.0.1", "a", "65536"), "port"),
        (("10.0.0.1", "a", "٣"), "port"),
        (("10.0.0.1", "a", "9" * 50_000), "port"),
        (("10.0.0.1", "a", "", "g;h"), "group"),
        (("10.0.0.1", "a", "", "", "mauve"), "colour"),
    ],
)
def test_what_is_no_alias_is_said_with_its_field(written: tuple[str, ...], where: str) -> None:
    with pytest.raises(AliasError) as told:
        checked(*written)
    assert told.value.where == where


@given(st.text(), st.text(), st.text(), st.text(), st.text())
def test_whatever_is_written_is_an_alias_or_an_error(address: str, name: str, port: str, group: str, own: str) -> None:
    try:
        alias = checked(address, name, port, group, own)
    except AliasError:
        return
    assert Aliases([alias]).name_of(str(alias.network[0]), alias.port) == alias.name
