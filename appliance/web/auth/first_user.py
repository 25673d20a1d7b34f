"""The first sign-in of a new appliance (FEATURES K1): admin/test123, good for its own change only, for 72 hours."""

from appliance.storage import accounts
from appliance.storage.accounts import User
from appliance.storage.connection import Database
from appliance.web.auth import passwords

NAME = "admin"
PASSWORD = "test123"  # noqa: S105  documented; opens nothing but its own change
LASTS_US = 72 * 3600 * 1_000_000


async def ensure(database: Database, now_us: int) -> bool:
    """Make the first administrator when there is no user at all; True if one was made."""
    if not await accounts.is_empty(database):
        return False
    return await accounts.add_first(database, NAME, await passwords.hashed(PASSWORD), now_us)


def is_over(user: User, now_us: int) -> bool:
    """Whether a password that had to be changed was left unchanged for too long."""
    return user.must_change and now_us >= user.password_changed_at + LASTS_US
