import pytest

from appliance.redaction.hiding import Hiding
from appliance.redaction.profile import Profile


def ready(*texts: bytes, profile: Profile = Profile.NUMBERS_AND_ADDRESSES, numbers: tuple[bytes, ...] = ()) -> Hiding:
    hiding = Hiding(profile, b"k" * 32, [b"gold-line"])
    for number in numbers:
        hiding.known.add_number(number)
    for text in texts:
        hiding.text(text)
    hiding.learning = False
    return hiding


@pytest.mark.parametrize(
    "text",
    [
        b"10.1.2.3",
        b"x=10.1.2.3;y",
        b"%4010.1.2.3%3B",
        b"ip-10-1-2-3.compute",
        b"99910.1.2.3",
        b"010.001.002.003",
        b"::ffff:10.1.2.3",
    ],
)
def test_an_address_is_found_however_it_stands(text: bytes) -> None:
    made = ready(b"10.1.2.3", text).text(text)
    assert b"10.1.2.3" not in made
    assert b"10-1-2-3" not in made
    assert b"010.001" not in made


@pytest.mark.parametrize(
    "text", [b"[2001:470::9]:5060", b"sip:2001:470::9", b"IP6 2001:470::9", b"2001:0470:0::9", b"at 2001:470::9."]
)
def test_so_is_one_of_sixteen_octets(text: bytes) -> None:
    made = ready(text).text(text)
    assert b"470" not in made
    assert b"2001:db8:" in made


@pytest.mark.parametrize("text", [b"c=IN IP4 0.0.0.0", b"127.0.0.1", b"[::1]", b"224.0.1.75", b"10:11:12", b"1.2.3"])
def test_what_is_nobody_s_address_stays(text: bytes) -> None:
    assert ready(text).text(text) == text


def test_addresses_stay_where_only_numbers_are_hidden() -> None:
    assert ready(profile=Profile.NUMBERS).text(b"10.1.2.3") == b"10.1.2.3"


def test_a_number_is_found_within_more_digits() -> None:
    hiding = ready(numbers=(b"4930123456",))
    assert b"30123" not in hiding.text(b"session 99949301234569999")
    assert hiding.text(b"+4930123456")[:5] == b"+4930"
    assert hiding.text(b"session 777777777") == b"session 777777777"


def test_ports_stay_digits() -> None:
    hiding = ready(numbers=(b"49301234",))
    made = hiding.text(b"host:49301;rport=93012")
    assert made != b"host:49301;rport=93012"
    assert made.removeprefix(b"host:").replace(b";rport=", b"").isdigit()


def test_numeric_text_stays_numeric() -> None:
    made = ready(numbers=(b"4930123456",)).text(b"4930123456 INVITE", numeric=True)
    assert made.split()[0].isdigit()
    assert int(made.split()[0]) < 1 << 31


def test_unknown_headers_give_up_every_long_row_of_digits() -> None:
    hiding = ready()
    assert hiding.text(b"id 123456", liberal=True) != b"id 123456"
    assert hiding.text(b"id 12345", liberal=True) == b"id 12345"


def test_words_that_were_asked_for_are_hidden() -> None:
    assert b"gold" not in ready().text(b"via Gold-Line").lower()


def test_programs_keep_their_versions() -> None:
    hiding = ready(b"10.1.2.3")
    assert hiding.text(b"FPBX-16.0.30.1(18.9)", told=True) == b"FPBX-16.0.30.1(18.9)"
    assert b"10.1.2.3" not in hiding.text(b"Phone at 10.1.2.3", told=True)


def test_names_of_private_hosts_are_hidden_and_others_only_with_all() -> None:
    for profile, hidden in ((Profile.NUMBERS, 0), (Profile.NUMBERS_AND_ADDRESSES, 2), (Profile.ALL, 3)):
        hiding = ready(profile=profile)
        for host in (b"pbx1:5060", b"sbc.corp.local", b"sip.example.com", b"localhost", b"[::1]"):
            hiding.note_host(host)
        made = hiding.text(b"pbx1 sbc.corp.local sip.example.com localhost")
        assert made.count(b".invalid") == hidden
