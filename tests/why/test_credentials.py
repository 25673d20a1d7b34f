from appliance.why.credentials import credentials, tries
from appliance.why.view import View
from tests.why.written import written

ASKED = 'Digest realm="r, one", nonce="n1", stale=TRUE, Digest realm="two", nonce="n2"'
PROOF = 'Digest username="100", realm="r, one", nonce="n1", uri="sip:a,b"'


def test_challenges_and_credentials_are_read_with_commas_in_quotes() -> None:
    rows = written("0 A>B REGISTER", f"9 B>A 401 REGISTER | WWW-Authenticate: {ASKED}",
                   f"20 A>B REGISTER cseq=2 | Authorization: {PROOF}", "30 B>A 200 REGISTER cseq=2")  # fmt: skip
    ((first, second),) = tries(View(rows, None, 0).roots)
    assert [(each.realm, each.nonce, each.stale) for each in first.challenges] == [
        ("r, one", "n1", True),
        ("two", "n2", False),
    ]
    assert [(each.user, each.realm, each.nonce) for each in second.credentials] == [("100", "r, one", "n1")]
    assert first.challenged and not second.challenged


def test_what_met_no_challenge_is_no_try() -> None:
    assert tries(View(written("0 A>B OPTIONS", "9 B>A 200 OPTIONS"), None, 0).roots) == []


def test_credentials_for_proxies_and_servers_are_both_read() -> None:
    view = View(written(f"0 A>B INVITE | Authorization: {PROOF} | Proxy-Authorization: {PROOF}"), None, 0)
    assert len(credentials(view.messages[0])) == 2


def test_a_stale_nonce_is_no_refusal() -> None:
    again = f"30 B>A 401 REGISTER cseq=2 | WWW-Authenticate: {ASKED}"
    rows = written("0 A>B REGISTER", f"9 B>A 401 REGISTER | WWW-Authenticate: {ASKED}",
                   f"20 A>B REGISTER cseq=2 | Authorization: {PROOF}", again)  # fmt: skip
    ((_, second),) = tries(View(rows, None, 0).roots)
    assert not second.refused("r, one") and not second.refused("two")
