import pytest

from appliance.why.rules.nat import is_private
from tests.why.cases import Case
from tests.why.written import told, written

CASES = [
    Case(
        "nat-via",
        "198.51.100.1 calls itself 192.168.1.5 in Via, behind a NAT; it asks for rport, so responses find back.",
        written("0 a>b REGISTER | sent-by 192.168.1.5:5060;rport"),
        written("0 A>b REGISTER | sent-by 192.168.1.5:5060;rport"),
    ),
    Case(
        "nat-contact",
        "198.51.100.1 gives the private sip:100@192.168.1.5 as its Contact: what follows does not reach it unless a"
        " proxy repairs this.",
        written("0 a>b REGISTER | Contact: <sip:100@192.168.1.5>"),
        written("0 a>b REGISTER | Contact: <sip:100@198.51.100.1>"),
    ),
    Case(
        "nat-media",
        "198.51.100.1 wants sound at the private address 10.9.9.9: it hears nothing unless a relay repairs this.",
        written("0 a>b INVITE | sdp PCMA 10.9.9.9:4000"),
        written("0 a>b INVITE | sdp PCMA 198.51.100.9:4000"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_rule_tells_what_the_messages_say_and_no_more(case: Case) -> None:
    case.check()


def test_without_rport_responses_go_astray() -> None:
    (sentence,) = told("nat-via", written("0 a>b REGISTER | sent-by 192.168.1.5:5060"))
    assert sentence.endswith("it does not ask for rport.")


def test_only_the_first_hop_is_judged() -> None:
    rows = written("0 A>p INVITE | Contact: <sip:100@10.0.0.1>", "5 p>b INVITE | Contact: <sip:100@10.0.0.1>")
    assert told("nat-contact", rows) == []


@pytest.mark.parametrize(
    ("address", "private"),
    [("10.0.0.1", True), ("172.31.0.1", True), ("100.64.0.1", True), ("fd00::1", True), ("203.0.113.5", False),
     ("2001:db8::1", False), ("client.example.com", False), ("", False)],
)  # fmt: skip
def test_private_addresses_are_those_of_the_rfcs(address: str, private: bool) -> None:
    assert is_private(address) is private
