"""`hepbox alias`: names of addresses, networks and ports, and the groups that these belong to."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from appliance.cli.app import Config, DataDir, app
from appliance.cli.instance import WRONG_USAGE, fail
from appliance.cli.people import BY, carry_out, now_us
from appliance.export import aliases_csv
from appliance.model.aliases import Alias, AliasError, checked
from appliance.storage import aliases, audit
from appliance.storage.audit import Action
from appliance.storage.connection import Database

alias = typer.Typer(
    help="Names of addresses, networks and ports: shown beside them, and searched as src:NAME and group:GROUP.",
    no_args_is_help=True,
)
app.add_typer(alias, name="alias")


class Form(StrEnum):
    """How a list is written."""

    TABLE = "table"
    CSV = "csv"


Address = Annotated[str, typer.Argument(help="10.0.0.1, 10.0.0.0/8 or 2001:db8::/32")]
Port = Annotated[str, typer.Option("--port", help="of this port alone")]


@alias.command("set")
def set_(
    address: Address,
    name: Annotated[str, typer.Argument(help="what it is called")],
    port: Port = "",
    group: Annotated[str, typer.Option(help="what it belongs to: a carrier, a site")] = "",
    colour: Annotated[str, typer.Option(help="red, orange, yellow, green, teal, blue, violet, pink or grey")] = "",
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Name an address or a network; a name that it had is replaced."""
    try:
        wanted = checked(address, name, port, group, colour)
    except AliasError as error:
        fail(str(error), WRONG_USAGE)

    async def work(database: Database) -> None:
        await aliases.put(database, [wanted], BY, now_us())
        await audit.record(database, now_us(), BY, Action.ALIAS_SET, f"{_end(wanted)} {wanted.name}")

    carry_out(config, data_dir, work)


@alias.command("list")
def list_(
    format_: Annotated[Form, typer.Option("--format", help="how it is written")] = Form.TABLE,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """List the names; as CSV in the form that `import` reads."""
    found = carry_out(config, data_dir, aliases.read)
    if format_ is Form.CSV:
        print(aliases_csv.written(found.all), end="")
        return
    widths = [max((len(text) for text in column), default=0) for column in zip(*map(_cells, found.all), strict=True)]
    for one in found.all:
        print("  ".join(f"{cell:{width}}" for cell, width in zip(_cells(one), widths, strict=True)).rstrip())


@alias.command()
def delete(address: Address, port: Port = "", config: Config = None, data_dir: DataDir = None) -> None:
    """Forget the name of an address or a network."""
    try:
        unwanted = checked(address, "any", port)
    except AliasError as error:
        fail(str(error), WRONG_USAGE)

    async def work(database: Database) -> bool:
        found = await aliases.delete(database, unwanted.address, unwanted.port)
        if found:
            await audit.record(database, now_us(), BY, Action.ALIAS_DELETED, _end(unwanted))
        return found

    if not carry_out(config, data_dir, work):
        fail(f"there is no alias of {_end(unwanted)}; see `hepbox alias list`")


@alias.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV with the columns address, port, name, group, colour")],
    replace: Annotated[bool, typer.Option("--replace", help="forget all others")] = False,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Name what a file names: all of it or, when a line is wrong, nothing."""
    try:
        wanted = aliases_csv.read(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, AliasError) as error:
        fail(f"{file}: {error.strerror if isinstance(error, OSError) else error}")

    async def work(database: Database) -> str:
        write = aliases.replace_all if replace else aliases.put
        try:
            await write(database, wanted, BY, now_us())
        except AliasError as error:
            return str(error)
        action = Action.ALIASES_REPLACED if replace else Action.ALIAS_SET
        await audit.record(database, now_us(), BY, action, f"{len(wanted)} of {file.name}")
        return ""

    if refused := carry_out(config, data_dir, work):
        fail(refused)
    print(f"{len(wanted)} named")


def _cells(one: Alias) -> tuple[str, ...]:
    return one.address, str(one.port or ""), one.name, one.group, one.colour


def _end(one: Alias) -> str:
    return f"{one.address} port {one.port}" if one.port else one.address
