"""Aliases as CSV and back: a line of names (address, port, name, group, colour), then a line an alias."""

import csv
import io
from collections.abc import Iterable, Mapping

from appliance.export.as_csv import defused
from appliance.model.aliases import Alias, AliasError, checked

NAMES = ("address", "port", "name", "group", "colour")
_ALSO = {"ip": "address", "network": "address", "alias": "name"}
"""What HOMER's tables and others call them."""


def written(aliases: Iterable[Alias]) -> str:
    """The port is empty where it is any."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(NAMES)
    for one in aliases:
        writer.writerow([one.address, one.port or "", defused(one.name), defused(one.group), one.colour])
    return file.getvalue()


def read(text: str) -> list[Alias]:
    """Of a line each; of an address and port that is there twice the last. Raises AliasError, which says the line."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), restval="")
    found: dict[tuple[str, int], Alias] = {}
    try:
        reader.fieldnames = _columns(reader.fieldnames or ())
        for row in reader:
            alias = _alias(row, reader.line_num)
            found[alias.address, alias.port] = alias
    except csv.Error as error:
        raise AliasError(f"line {reader.line_num}: {error}", "") from error
    return list(found.values())


def _columns(line: Iterable[str]) -> list[str]:
    names = [_ALSO.get(name.strip().lower(), name.strip().lower()) for name in line]
    if "address" not in names or "name" not in names:
        raise AliasError(f"the first line names the columns: {', '.join(NAMES)}; address and name must be there", "")
    return names


def _alias(row: Mapping[str, str], line: int) -> Alias:
    values = {name: _plain(row.get(name) or "") for name in NAMES}
    try:
        return checked(values["address"], values["name"], values["port"], values["group"], values["colour"])
    except AliasError as error:
        raise AliasError(f"line {line}: {error}", error.where) from error


def _plain(cell: str) -> str:
    """Without the apostrophe that `written` put there."""
    return cell[1:] if cell.startswith("'") and defused(cell[1:]) == cell else cell
