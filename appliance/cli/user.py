"""`hepbox user`: who may sign in."""

from typing import Annotated

import typer

from appliance.cli.app import Config, DataDir, app
from appliance.cli.people import BY, carry_out, named, now_us, read_password
from appliance.storage import accounts, audit, throttle
from appliance.storage.accounts import Role, User
from appliance.storage.audit import Action
from appliance.storage.connection import Database
from appliance.web.auth import first_user, passwords

user = typer.Typer(help="Who may sign in.", no_args_is_help=True)
app.add_typer(user, name="user")

Name = Annotated[str, typer.Argument(help="the user's name")]
MustChange = Annotated[bool, typer.Option("--must-change", help="the user has to choose another at the next sign-in")]


@user.command()
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="what the user may do")] = Role.USER,
    must_change: MustChange = False,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Add a user; asks for the password, or reads it from stdin in a pipe."""
    password = read_password(name)

    async def work(database: Database) -> None:
        await accounts.add(database, name, role, await passwords.hashed(password), now_us(), must_change=must_change)
        await audit.record(database, now_us(), BY, Action.USER_ADDED, name)

    carry_out(config, data_dir, work)


@user.command("list")
def list_(config: Config = None, data_dir: DataDir = None) -> None:
    """List the users."""
    found = carry_out(config, data_dir, accounts.listed)
    width = max((len(each.name) for each in found), default=4)
    for each in found:
        print(f"{each.name:{width}}  {each.role.value:5}  {_state(each)}".rstrip())


@user.command()
def passwd(name: Name, must_change: MustChange = False, config: Config = None, data_dir: DataDir = None) -> None:
    """Set a user's password and end all of the user's sessions."""
    password = read_password(name)

    async def work(database: Database) -> None:
        found = await named(database, name)
        hashed = await passwords.hashed(password)
        await accounts.set_password(database, found, hashed, now_us(), must_change=must_change)
        await throttle.succeeded(database, found.name)
        await audit.record(database, now_us(), BY, Action.PASSWORD_CHANGED, found.name)

    carry_out(config, data_dir, work)


@user.command()
def disable(
    name: Name,
    enable: Annotated[bool, typer.Option("--enable", help="let the user sign in again")] = False,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Let a user no longer sign in; sessions end, tokens work no more."""

    async def work(database: Database) -> None:
        found = await named(database, name)
        await (accounts.enable if enable else accounts.disable)(database, found)
        action = Action.USER_ENABLED if enable else Action.USER_DISABLED
        await audit.record(database, now_us(), BY, action, found.name)

    carry_out(config, data_dir, work)


@user.command()
def delete(name: Name, config: Config = None, data_dir: DataDir = None) -> None:
    """Delete a user with sessions and tokens; the audit trail keeps the name."""

    async def work(database: Database) -> None:
        found = await named(database, name)
        await accounts.delete(database, found)
        await audit.record(database, now_us(), BY, Action.USER_DELETED, found.name)

    carry_out(config, data_dir, work)


def _state(found: User) -> str:
    if found.disabled:
        return "disabled"
    if first_user.is_over(found, now_us()):
        return "first password ran out: set another with `hepbox user passwd`"
    return "must change the password" if found.must_change else ""
