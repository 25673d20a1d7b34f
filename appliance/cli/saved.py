"""Saved searches by their name, for `hepbox search --saved`."""

from appliance.cli.instance import WRONG_USAGE, fail, with_database
from appliance.model.octets import shown
from appliance.settings import Settings
from appliance.storage import saved_searches
from appliance.storage.connection import Database
from appliance.storage.saved_searches import SavedSearch, Wanted


def saved_search(name: str, settings: Settings) -> Wanted:
    """The search called so, or USER/NAME when several users have one; ends the process when it is not one."""

    async def look(database: Database) -> list[SavedSearch]:
        user, slash, rest = name.partition("/")
        found = await saved_searches.named(database, name)
        return found or [one for one in await saved_searches.named(database, rest) if slash and one.user_name == user]

    found = with_database(settings, look)
    if not found:
        fail(f"--saved: there is no saved search {shown(name)}: /searches lists them", WRONG_USAGE)
    if len(found) > 1:
        whose = ", ".join(f"{one.user_name}/{one.name}" for one in found)
        fail(f"--saved: several users have a search {shown(name)}; say which: {whose}", WRONG_USAGE)
    (one,) = found
    return Wanted(one.name, one.line, one.from_, one.to, one.view)


def both(line: str, more: str) -> str:
    """A line that asks for both."""
    if not line.strip() or not more.strip():
        return line.strip() or more.strip()
    return f"({line.strip()}) ({more.strip()})"
