"""What a query line means: a tree of frozen values, without a word about tables.

`Query.root` is None for the empty line, which everything fulfils. Positions (characters from the line's
start) are for error messages and do not count when trees are compared.
"""

import dataclasses
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Exact:
    """Equal to `text`; in a field of long text (`text`, `header.NAME`) contained, or equal."""

    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """`pieces` with anything, also nothing, between them: `a*b` is ("a", "b"), `*` is ("", "")."""

    pieces: tuple[str, ...]

    @property
    def is_anything(self) -> bool:
        return not any(self.pieces)


@dataclass(frozen=True, slots=True)
class Regex:
    """Found anywhere in the value, RE2's syntax."""

    source: str


@dataclass(frozen=True, slots=True)
class Span:
    """low <= number <= high; None is no bound. Durations are microseconds; open ends only for fractions."""

    low: int | float | None
    high: int | float | None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Addresses:
    """first <= address <= last, of one IP version; `port` of the same end, if it was given."""

    first: Address
    last: Address
    port: int | None = None


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`a;b;c`: one of them."""

    values: tuple["Value", ...]


Value = Exact | Pattern | Regex | Span | Addresses | AnyOf


def alternatives(value: Value) -> tuple[Value, ...]:
    """The values of a list, or the only one."""
    return value.values if isinstance(value, AnyOf) else (value,)


def asks_for_a_port(value: Value) -> bool:
    return any(isinstance(one, Addresses) and one.port is not None for one in alternatives(value))


@dataclass(frozen=True, slots=True)
class Term:
    """`field:value`; `header` is NAME of `header.NAME` in lower case, else empty."""

    field: str
    value: Value
    header: str = ""
    position: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word: looked for in parties, Call-ID and addresses."""

    value: Value
    position: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    operand: "Node"


@dataclass(frozen=True, slots=True)
class And:
    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    operands: tuple["Node", ...]


Node = Term | Word | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    root: Node | None


def leaves(node: Node | None) -> list[Term | Word]:
    """All terms and words of a tree, from left to right."""
    match node:
        case None:
            return []
        case Term() | Word():
            return [node]
        case Not(operand):
            return leaves(operand)
        case And(operands) | Or(operands):
            return [leaf for operand in operands for leaf in leaves(operand)]
