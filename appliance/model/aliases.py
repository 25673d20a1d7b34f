"""Names that people give to addresses, networks and ports, and the groups (a carrier, a site) that these belong to.

The nearest name counts: that of a single address before that of a network, of a smaller network before a larger one,
and of one with the port before one of all ports.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

NAME_LENGTH = 64
COLOURS = ("", "red", "orange", "yellow", "green", "teal", "blue", "violet", "pink", "grey")


class AliasError(ValueError):
    """What was written is no alias; `where` is the field that is wrong."""

    def __init__(self, sentence: str, where: str) -> None:
        super().__init__(sentence)
        self.where = where


@dataclass(frozen=True, slots=True)
class Alias:
    """One name."""

    address: str
    """10.0.0.1 or 10.0.0.0/8, as `ipaddress` writes it."""
    name: str
    port: int = 0
    """0 is any."""
    group: str = ""
    colour: str = ""
    """One of COLOURS."""

    @property
    def network(self) -> Network:
        return ip_network(self.address)


def checked(address: str, name: str, port: str = "", group: str = "", colour: str = "") -> Alias:
    """An alias as people write it. Raises AliasError."""
    colour = colour.strip().lower()
    if colour not in COLOURS:
        raise AliasError(f"{colour[:20]} is no colour: there are {', '.join(COLOURS[1:])}", "colour")
    found = port.strip() or "0"
    if not (found.isascii() and found.isdigit() and int(found[:6]) <= 65535):
        raise AliasError(f"{found[:20]} is no port: write 1 to 65535, or leave it empty for any", "port")
    own = _text(name, "name")
    if not own:
        raise AliasError("an alias has a name", "name")
    return Alias(_address(address), own, int(found), _text(group, "group"), colour)


def _address(written: str) -> str:
    try:
        found = ip_network(written.strip().strip("[]"), strict=False)
    except ValueError as error:
        wrong = f"{written[:60]} is no address or network; write 10.0.0.1, 10.0.0.0/8 or 2001:db8::/32"
        raise AliasError(wrong, "address") from error
    first = found.network_address
    if isinstance(first, IPv6Address):
        if first.scope_id:
            raise AliasError("a zone has no meaning here: leave out what follows %", "address")
        if first.ipv4_mapped and found.prefixlen >= 96:
            found = ip_network((int(first.ipv4_mapped), found.prefixlen - 96))
    return str(found.network_address) if found.prefixlen == found.max_prefixlen else str(found)


def _text(written: str, where: str) -> str:
    found = " ".join(written.split())
    if len(found) > NAME_LENGTH or not found.isprintable():
        raise AliasError(f"a {where} has at most {NAME_LENGTH} printable characters", where)
    if any(character in found for character in '*%;"\\/'):
        raise AliasError(f'a {where} has none of * % ; / " \\, which mean something in queries', where)
    return found


class Aliases:
    """All of them, found by address and by name."""

    def __init__(self, aliases: Iterable[Alias] = ()) -> None:
        self.all = tuple(aliases)
        self._by_prefix: dict[tuple[int, int], dict[int, list[Alias]]] = defaultdict(lambda: defaultdict(list))
        self._by_word: dict[str, list[Alias]] = defaultdict(list)
        groups: dict[str, str] = {}
        for alias in self.all:
            network = alias.network
            self._by_prefix[network.version, network.prefixlen][int(network.network_address)].append(alias)
            self._by_word[alias.name.casefold()].append(alias)
            if alias.group:
                groups.setdefault(alias.group.casefold(), alias.group)
        self._prefixes = sorted(self._by_prefix, key=lambda prefix: -prefix[1])
        self._known: dict[tuple[str, int], Alias | None] = {}
        self.groups = tuple(sorted(groups.values(), key=str.casefold))
        self.names = tuple(sorted({alias.name for alias in self.all}, key=str.casefold))

    def __bool__(self) -> bool:
        return bool(self.all)

    def of(self, ip: str, port: int = 0) -> Alias | None:
        """The nearest alias of an end; None of what is no address too."""
        if not self.all:
            return None
        key = ip, port
        if key not in self._known:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[key] = self._nearest(ip, port)
        return self._known[key]

    def name_of(self, ip: str, port: int = 0) -> str:
        """Its name, or ""."""
        found = self.of(ip, port)
        return found.name if found else ""

    def names_of(self, ends: Iterable[tuple[str, int]]) -> dict[str, str]:
        """What the addresses of a picture are called: those of one name are one host, unless it is a network's."""
        found = {ip: alias for ip, port in ends if (alias := self.of(ip, port))}
        of_networks = Counter(alias.name for alias in found.values() if not _is_single(alias))
        return {ip: f"{alias.name} {ip}" if of_networks[alias.name] > 1 else alias.name for ip, alias in found.items()}

    def named(self, word: str) -> tuple[Alias, ...]:
        """Those of this name or of the group of this name; case does not count."""
        return (*self._by_word.get(word.casefold(), ()), *self.of_group(word))

    def of_group(self, word: str) -> tuple[Alias, ...]:
        folded = word.casefold()
        return tuple(alias for alias in self.all if alias.group and alias.group.casefold() == folded)

    def _nearest(self, ip: str, port: int) -> Alias | None:
        try:
            address = ip_address(ip)
        except ValueError:
            return None
        for version, length in self._prefixes:
            if version != address.version:
                continue
            spare = address.max_prefixlen - length
            found = self._by_prefix[version, length].get(int(address) >> spare << spare, ())
            for wanted in dict.fromkeys((port, 0)):
                for alias in found:
                    if alias.port == wanted:
                        return alias
        return None


def _is_single(alias: Alias) -> bool:
    return "/" not in alias.address


MOST_KNOWN = 10_000
"""Ends whose aliases are remembered: an address space is larger than a memory."""
NONE = Aliases()
