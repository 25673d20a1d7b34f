import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.query.errors import QueryError
from appliance.query.fields import FIELDS
from appliance.query.near import candidates
from appliance.query.parse import parse


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("dur:90sec", "dur:90s"),
        ("dur:>5sec", "dur:>5s"),
        ("dur:=>5s", "dur:>=5s"),
        ("dur:1m30s", "dur:90s"),
        ("dur:1:30", "dur:90s"),
        ("dur:2weeks", "dur:14d"),
        ('talk:"1 to 5 min"', "talk:1m..5m"),
        ("pdd:3-5s", "pdd:3s..5s"),
        ("pdd:5-3s", "pdd:3s..5s"),
        ("jitter:0,5s", "jitter:500ms"),
        ("port:5060-5070", "port:5060..5070"),
        ("port:5060,5061", "port:5060;5061"),
        ("port:=5060", "port:5060"),
        ("size:>1,300", "size:>1300"),
        ("size:>2k", "size:>2000"),
        ("mos:3,5", "mos:3.5"),
        ("loss:>5%", "loss:>5"),
        ("status:4**", "status:4xx"),
        ("status:50*", "status:50x"),
        ("status:400-499", "status:400..499"),
        ("status:486,487", "status:486;487"),
        ("status:SIP/486", "status:486"),
        ("status:busy", "status:486;600"),
        ("src:10.0.0", "src:10.0.0.*"),
        ("src:10.0.0.x", "src:10.0.0.*"),
        ("src:10.0.0.0/33", "src:10.0.0.0/32"),
        ("src:10.0.0.1-9", "src:10.0.0.1..10.0.0.9"),
        ("src:10.0.0.9-10.0.0.1", "src:10.0.0.1..10.0.0.9"),
        ("src:10.0.0.1,10.0.0.2", "src:10.0.0.1;10.0.0.2"),
        ("src:sip:10.0.0.1", "src:10.0.0.1"),
        ("src:2001:db8::/200", "src:2001:db8::/128"),
        ("state:ok", "state:completed"),
        ("state:no-answer", "state:noanswer"),
        ("state:comp", "state:completed"),
        ("state:busy;fail", "state:busy;failed"),
        ("proto:sips", "proto:tls"),
        ("kind:register", "kind:registration"),
        ("hungup:uac", "hungup:caller"),
    ],
)
def test_what_was_probably_meant_is_found(wrong: str, meant: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(wrong)
    assert caught.value.corrected == meant
    parse(meant)


@pytest.mark.parametrize(
    "wrong", ["dur:soon", "port:x", "src:10.0.0.1.example.com", "src:10.0.0.256", "state:zzz", "status:abc", "mos:x"]
)
def test_nothing_is_guessed_of_nonsense(wrong: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(wrong)
    assert caught.value.suggestion is None


@given(st.sampled_from(list(FIELDS.values())), st.text(max_size=30))
def test_any_text_may_be_asked_about(field: object, text: str) -> None:
    assert len(list(candidates(field, text))) < 20  # type: ignore[arg-type]
