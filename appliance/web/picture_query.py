"""The choices of a ladder in an address, and in the cookie that keeps the usual ones of a browser (FEATURES E3, E7).

    ?time=delta&sdp=1&media=0&colour=transaction&hide=OPTIONS,100&hosts=-10.0.0.9,10.0.0.2~10.0.0.3&leg=KEY&leg=KEY

`hosts`: with a minus hidden, joined by ~ one column. `leg`: a Call-ID that is drawn, by the key of its page; `legs=one`
is that of this page. What an address does not say is as the cookie says, else as usual; what is hidden is never kept
in the cookie.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from appliance.calls.picture import WHOLE, Colours, Picture, Times
from appliance.model.ids import BadName, call_key, parse_call_key
from appliance.model.octets import octets, text

Choice = TypeVar("Choice", Times, Colours)
COOKIE = "ladder"
MOST = 200
"""Names of one argument that are read."""


def picture_of(query: QueryParams, cookies: Mapping[str, str], callid: str = "") -> Picture:
    """The picture of a call whose page is that of `callid`. Raises HTTPException 422."""
    usual = usual_of(cookies)
    hosts = _names(query, "hosts")
    merged = [tuple(name for name in word.split("~") if name) for word in hosts if word[:1] != "-"]
    chosen = tuple(name for word in _names(query, "merge") for name in word.split("~"))
    return Picture(
        time=_one_of(Times, query.get("time"), usual.time),
        colour=_one_of(Colours, query.get("colour"), usual.colour),
        sdp=_flag(query.get("sdp"), usual.sdp),
        media=_flag(query.get("media"), usual.media),
        hide=frozenset(_word(word) for word in _names(query, "hide")),
        hidden_hosts=frozenset(word[1:] for word in hosts if word[:1] == "-"),
        merged_hosts=_groups([*merged, chosen]),
        apart=query.get("apart") == "1",
        legs=_legs(query, callid),
        mark=query.get("mark", ""),
    )


def usual_of(cookies: Mapping[str, str]) -> Picture:
    """What the cookie says of a browser's usual choices."""
    kept = dict(parse_qsl(cookies.get(COOKIE, "")[:200]))
    return Picture(
        time=_one_of(Times, kept.get("time"), Times.ABSOLUTE),
        colour=_one_of(Colours, kept.get("colour"), Colours.CLASS),
        sdp=_flag(kept.get("sdp"), False),
        media=_flag(kept.get("media"), True),
    )


def arguments(picture: Picture, usual: Picture = WHOLE, callid: str = "") -> dict[str, str]:
    """The same as arguments of an address, those left out that say what is usual here and everywhere."""
    plain = Picture()
    found = {}
    for name in ("time", "colour"):
        value = getattr(picture, name)
        if value != getattr(plain, name) or value != getattr(usual, name):
            found[name] = value.value
    for name in ("sdp", "media"):
        value = getattr(picture, name)
        if value != getattr(plain, name) or value != getattr(usual, name):
            found[name] = "1" if value else "0"
    hosts = [*(f"-{key}" for key in sorted(picture.hidden_hosts)), *("~".join(keys) for keys in picture.merged_hosts)]
    more = {
        "hide": ",".join(sorted(picture.hide)),
        "hosts": ",".join(hosts),
        "apart": "1" if picture.apart else "",
        "legs": "one" if picture.legs == (callid,) else "",
        "leg": ",".join(call_key(octets(leg)) for leg in picture.legs if picture.legs != (callid,)),
        "mark": picture.mark,
    }
    return found | {name: value for name, value in more.items() if value}


def query_string(values: Mapping[str, str]) -> str:
    """With `?` in front when there is anything."""
    return f"?{urlencode(pairs(values), safe=',:~@')}" if values else ""


def pairs(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Legs are repeated arguments, since `leg` is so elsewhere."""
    return [(name, one) for name, value in values.items() for one in (value.split(",") if name == "leg" else [value])]


def without(picture: Picture) -> Picture:
    """The same with nothing hidden."""
    return replace(picture, hide=frozenset(), hidden_hosts=frozenset())


def _legs(query: QueryParams, callid: str) -> tuple[str, ...]:
    legs = query.get("legs") or "all"
    if legs not in ("all", "one"):
        raise HTTPException(422, "`legs` is `all` or `one`.")
    if legs == "one":
        return (callid,)
    try:
        return tuple(dict.fromkeys(text(parse_call_key(key)) for key in query.getlist("leg")[:MOST] if key))
    except BadName as error:
        raise HTTPException(422, f"`leg` is no call's key: {error}.") from error


def _names(query: QueryParams, name: str) -> list[str]:
    """Repeated arguments and commas are the same."""
    words = (word.strip() for value in query.getlist(name) for word in value.split(","))
    return [word for word in words if word][:MOST]


def _word(word: str) -> str:
    """Methods are written large; the words of our own and `1xx` are not."""
    small = word.lower()
    return small if small in ("retransmissions", "reports", "logs", "events") or small[1:] == "xx" else word.upper()


def _groups(groups: Sequence[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Groups that share a name are one; one host alone is none."""
    found: list[dict[str, None]] = []
    for names in groups:
        touching = [known for known in found if any(name in known for name in names)]
        found = [known for known in found if known not in touching]
        found.append({name: None for known in (*touching, dict.fromkeys(names)) for name in known})
    return tuple(tuple(known) for known in found if len(known) > 1)


def _flag(text: str | None, otherwise: bool) -> bool:
    return otherwise if text not in ("0", "1") else text == "1"


def _one_of(kind: type[Choice], text: str | None, otherwise: Choice) -> Choice:
    return kind(text) if text in [choice.value for choice in kind] else otherwise
