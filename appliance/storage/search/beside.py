"""A tree of which some terms are tried on octets, and the others are told by the database beside each row. Pure."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from appliance.matching import raw
from appliance.matching.filter import reads_octets
from appliance.query.tree import And, Node, Not, Or, Term, Word

Read = TypeVar("Read")
_Test = Callable[[Sequence[object], Read], bool]


class Beside(Generic[Read]):
    """What a tree says of a row, by what is told of it and what was read of it."""

    def __init__(self, root: Node, tried: Callable[[Term], Callable[[Read], bool]]) -> None:
        """`tried` makes the test of a raw term."""
        self.told: list[Term | Word] = []
        """What has to be told of each row, in this order."""
        self._tried = tried
        self._test = self._made(root)

    def fulfilled(self, told: Sequence[object], read: Read) -> bool:
        """Whether a row fulfils the tree of which these are told, true or false."""
        return self._test(told, read)

    def _made(self, node: Node) -> _Test[Read]:
        match node:
            case And(operands):
                tests = [self._made(operand) for operand in operands]
                return lambda told, read: all(test(told, read) for test in tests)
            case Or(operands):
                tests = [self._made(operand) for operand in operands]
                return lambda told, read: any(test(told, read) for test in tests)
            case Not(operand):
                inner = self._made(operand)
                return lambda told, read: not inner(told, read)
            case Term() if raw.is_raw(node):
                fulfils = self._tried(node)
                return lambda told, read: fulfils(read)
            case Term() | Word():
                place = len(self.told)
                self.told.append(node)
                return lambda told, read: bool(told[place])


def split(root: Node | None) -> tuple[Node | None, Node | None]:
    """What the columns answer alone, and what needs the octets; both must be true."""
    operands = root.operands if isinstance(root, And) else () if root is None else (root,)
    reading = tuple(operand for operand in operands if reads_octets(operand))
    columns = tuple(operand for operand in operands if not reads_octets(operand))
    return (And(columns) if columns else None), (And(reading) if reading else None)
