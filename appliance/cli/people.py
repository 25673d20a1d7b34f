"""What the commands `user` and `token` share."""

import getpass
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from appliance.cli.instance import WRONG_USAGE, fail, read_settings, with_database
from appliance.storage import accounts
from appliance.storage.accounts import AccountError, User
from appliance.storage.connection import Database
from appliance.web.auth import first_user, passwords

BY = "(command)"
"""Who did it, in the audit trail: whoever owns the machine."""

Result = TypeVar("Result")


def now_us() -> int:
    return time.time_ns() // 1000


def carry_out(config: Path | None, data_dir: Path | None, work: Callable[[Database], Awaitable[Result]]) -> Result:
    """Run `work` on the instance's database, where the first user is made before anything else."""

    async def after_first_user(database: Database) -> Result:
        await first_user.ensure(database, now_us())
        return await work(database)

    try:
        return with_database(read_settings(config, data_dir), after_first_user)
    except AccountError as error:
        fail(str(error))


async def named(database: Database, name: str) -> User:
    """The user of this name. Raises AccountError."""
    found = await accounts.by_name(database, name)
    if found is None:
        raise AccountError(f"there is no user {name}; see `hepbox user list`")
    return found


def read_password(name: str) -> str:
    """Asked twice without echo on a terminal, else the first line of stdin; refused when it is no good."""
    if sys.stdin.isatty():
        password = getpass.getpass(f"New password of {name}: ")
        if getpass.getpass("The same again: ") != password:
            fail("the password was not the same twice", WRONG_USAGE)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    try:
        passwords.check(password, name)
    except passwords.WeakPassword as problem:
        fail(f"{str(problem)[0].lower()}{str(problem)[1:].rstrip('.')}", WRONG_USAGE)
    return password
