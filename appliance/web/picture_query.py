"""The choices of a ladder in an address, and in the cookie that keeps the usual ones of a browser (FEATURES E3, E7).

    ?time=delta&sdp=1&media=0&colour=transaction&hide=OPTIONS,100&hosts=-10.0.0.9,10.0.0.2~10.0.0.3&legs=1f0c2d3e

`hosts`: with a minus hidden, joined by ~ one column. `legs`: `all`, `one`, or names of Call-IDs. What an address does
not say is as the cookie says, else as usual; what is hidden is never kept in the cookie.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException

from appliance.calls.picture import WHOLE, Colours, Picture, Times
from appliance.model.ids import callid_hash
from appliance.model.octets import octets

Choice = TypeVar("Choice", Times, Colours)
COOKIE = "ladder"
MOST = 200
"""Names of one argument that are read."""


def leg_name(callid: str) -> str:
    """What `legs` calls a Call-ID: short, and the same whatever other legs there are."""
    return f"{callid_hash(octets(callid)) & 0xFFFFFFFF:08x}"


def picture_of(
    query: QueryParams, cookies: Mapping[str, str], callid: str = "", callids: Sequence[str] = ()
) -> Picture:
    """The picture of a call whose page is that of `callid`, with the legs `callids`. Raises HTTPException 422."""
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
        hidden_legs=_hidden_legs(_names(query, "legs"), callid, callids),
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


def arguments(
    picture: Picture, usual: Picture = WHOLE, callid: str = "", callids: Sequence[str] = ()
) -> dict[str, str]:
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
        "legs": _legs(picture, callid, callids),
        "mark": picture.mark,
    }
    return found | {name: value for name, value in more.items() if value}


def query_string(values: Mapping[str, str]) -> str:
    """With `?` in front when there is anything."""
    return f"?{urlencode(values, safe=',:~')}" if values else ""


def without(picture: Picture) -> Picture:
    """The same with nothing hidden."""
    return replace(picture, hide=frozenset(), hidden_hosts=frozenset(), hidden_legs=frozenset())


def _legs(picture: Picture, callid: str, callids: Sequence[str]) -> str:
    if not picture.hidden_legs:
        return ""
    shown = [one for one in callids if one not in picture.hidden_legs]
    return "one" if shown == [callid] else ",".join(leg_name(one) for one in shown)


def _hidden_legs(names: Sequence[str], callid: str, callids: Sequence[str]) -> frozenset[str]:
    if not names or "all" in names:
        return frozenset()
    known = {leg_name(one): one for one in callids}
    if not all(name == "one" or _is_leg_name(name) for name in names):
        raise HTTPException(422, "`legs` is `all`, `one`, or names of Call-IDs as the page's own links have them.")
    shown = {callid} if "one" in names else {known[name] for name in names if name in known}
    return frozenset(one for one in callids if one not in shown) if shown else frozenset()


def _is_leg_name(name: str) -> bool:
    return len(name) == 8 and all(character in "0123456789abcdef" for character in name)


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
