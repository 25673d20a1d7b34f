"""`hepbox token`: what scripts sign in with."""

from typing import Annotated

import typer

from appliance.cli.app import Config, DataDir, app
from appliance.cli.people import BY, carry_out, named, now_us
from appliance.storage import audit, tokens
from appliance.storage.accounts import AccountError
from appliance.storage.audit import Action
from appliance.storage.connection import Database
from appliance.storage.tokens import Scope, Token
from appliance.web.wording import stamp

token = typer.Typer(help="What scripts sign in with: Authorization: Bearer TOKEN.", no_args_is_help=True)
app.add_typer(token, name="token")

Owner = Annotated[str, typer.Option("--user", help="whose rights the token has")]
Name = Annotated[str, typer.Option("--name", help="what it is for")]


@token.command()
def create(
    user: Owner,
    name: Name,
    scope: Annotated[
        Scope, typer.Option(help="all that its user may, only reading, or only posting events")
    ] = Scope.ALL,
    days: Annotated[int | None, typer.Option(help="for how many days it is good; for ever when left out")] = None,
    config: Config = None,
    data_dir: DataDir = None,
) -> None:
    """Make a token and print it, this once, alone on stdout."""

    async def work(database: Database) -> str:
        owner = await named(database, user)
        made = await tokens.create(database, owner, name, now_us(), scope, days)
        await audit.record(database, now_us(), BY, Action.TOKEN_CREATED, f"{owner.name} {name} {scope}")
        return made

    print(carry_out(config, data_dir, work))


@token.command("list")
def list_(config: Config = None, data_dir: DataDir = None) -> None:
    """List the tokens, without themselves: those are kept nowhere."""

    async def work(database: Database) -> list[Token]:
        return await tokens.listed(database)

    for each in carry_out(config, data_dir, work):
        used = f"last used {stamp(each.last_used_at)} UTC" if each.last_used_at else "never used"
        limits = [] if each.scope is Scope.ALL else [f"{each.scope} only"]
        if each.expires_at is not None:
            limits.append(f"{'over since' if each.is_over(now_us()) else 'until'} {stamp(each.expires_at)} UTC")
        print("  ".join([each.user_name, each.name, f"made {stamp(each.made_at)} UTC", used, *limits]))


@token.command()
def revoke(user: Owner, name: Name, config: Config = None, data_dir: DataDir = None) -> None:
    """Make a token work no more; a process that knows it forgets it within a minute."""

    async def work(database: Database) -> None:
        owner = await named(database, user)
        if not await tokens.revoke(database, owner, name):
            raise AccountError(f"{owner.name} has no token named {name}; see `hepbox token list`")
        await audit.record(database, now_us(), BY, Action.TOKEN_REVOKED, f"{owner.name} {name}")

    carry_out(config, data_dir, work)
