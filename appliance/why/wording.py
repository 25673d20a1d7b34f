"""Times, hosts, hops and lists as the sentences say them; everything from the network made drawable and short."""

from collections.abc import Iterable, Sequence

from appliance.calls.labels import printable, shortened
from appliance.why.codes import REASON_PHRASES
from appliance.why.seen import Seen
from appliance.why.transactions import Transaction

VOWELS = tuple("AEIOU")
MOST_CELLS = 60
MOST_LISTED = 6


def quoted(text: str, most: int = MOST_CELLS) -> str:
    """Text of the network inside a sentence."""
    return shortened(printable(" ".join(text.split())), most)


def duration(us: int) -> str:
    """`0.4 ms`, `120 ms`, `4.2 s`, `5 min 07 s`, `1 h 02 min`, `3 days`."""
    us = max(0, us)
    if us < 9_950:
        return f"{us / 1_000:.1f} ms"
    if us < 999_500:
        return f"{round(us / 1_000)} ms"
    if us < 59_950_000:
        return f"{us / 1_000_000:.1f} s"
    seconds = round(us / 1_000_000)
    if seconds < 3_600:
        return f"{seconds // 60} min {seconds % 60:02} s"
    if seconds < 48 * 3_600:
        return f"{seconds // 3_600} h {seconds // 60 % 60:02} min"
    return f"{seconds // 86_400} days"


def seconds(count: int) -> str:
    """A whole number of seconds as a header gives it: `90 s`, `1800 s (30 min)`."""
    whole = duration(count * 1_000_000).removesuffix(" 00 s").removesuffix(" 00 min")
    return f"{count} s ({whole})" if count >= 120 else f"{count} s"


def times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def listed(words: Iterable[str], last: str = "and") -> str:
    """`PCMA, G729 and opus`; at most MOST_LISTED, then how many more there are."""
    words = list(dict.fromkeys(words))
    if len(words) > MOST_LISTED:
        return f"{', '.join(words[:MOST_LISTED])} {last} {len(words) - MOST_LISTED} more"
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def host(ip: str) -> str:
    return quoted(ip) or "an unknown host"


def client(transaction: Transaction) -> str:
    return host(transaction.client[0])


def server(transaction: Transaction) -> str:
    return host(transaction.server[0])


def sender(seen: Seen) -> str:
    return host(seen.row.source_ip)


def receiver(seen: Seen) -> str:
    return host(seen.row.destination_ip)


def verb(transaction: Transaction) -> str:
    """The method as it was sent; anybody may send any."""
    return quoted(transaction.method, 20)


def hop(transaction: Transaction, back: bool = False) -> str:
    """`10.0.0.1 → 10.0.0.2`, with ports where a host talks to itself; `back` is the way of the final response."""
    if back and transaction.final is not None:
        return hop_of(transaction.final)
    ends: Sequence[tuple[str, int]] = (transaction.client, transaction.server)
    alone = ends[0][0] == ends[1][0]
    names = [f"{_bracketed(ip)}:{port}" if alone else host(ip) for ip, port in (reversed(ends) if back else ends)]
    return " → ".join(names)


def hop_of(seen: Seen) -> str:
    """The way that one message went."""
    row = seen.row
    if row.source_ip == row.destination_ip:
        return (
            f"{_bracketed(row.source_ip)}:{row.source_port} → {_bracketed(row.destination_ip)}:{row.destination_port}"
        )
    return f"{host(row.source_ip)} → {host(row.destination_ip)}"


def _bracketed(ip: str) -> str:
    return f"[{quoted(ip)}]" if ":" in ip else quoted(ip)


def response(seen: Seen) -> str:
    """`486 Busy Here` as it was sent."""
    phrase = quoted(seen.row.reply_reason) or REASON_PHRASES.get(seen.status, "")
    return f"{seen.status} {phrase}".rstrip()


def method(name: str) -> str:
    """`an INVITE`, `a BYE`."""
    return f"{'an' if name[:1] in VOWELS else 'a'} {quoted(name, 20)}" if name else "a request"


def counted(count: int, noun: str) -> str:
    """`1 finding`, `3 findings`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
