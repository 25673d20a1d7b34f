"""Who sends a request: by the session's cookie or by an API token, remembered for a minute.

With MySQL away, somebody whose session or token was known before keeps being known until it would have ended
anyway, so that the health page opens; nothing else can be read then.
"""

from dataclasses import dataclass

from appliance.storage import preferences, sessions, tokens
from appliance.storage.accounts import User
from appliance.storage.connection import Database, DatabaseError
from appliance.storage.sessions import Session, token_hash
from appliance.storage.tokens import Scope

REMEMBER_US = 60 * 1_000_000
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who is signed in, and how."""

    user: User
    by_token: bool
    key: bytes
    """SHA-256 of the session's or API token."""
    session: Session | None
    known_at: int
    scope: Scope = Scope.ALL
    """Of a token."""
    zone: str = ""
    """What this person chose to see times in (web.zones)."""

    def usable(self, now_us: int) -> bool:
        if self.session is not None:
            return self.session.alive(now_us)
        return now_us < self.known_at + sessions.IDLE_US


class Identities:
    """Asks the tables, at most once a minute for each session or token."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[bytes, Identity] = {}

    async def by_session(self, token: str, now_us: int) -> Identity | None:
        """Raises DatabaseError when nothing is known and the tables cannot be asked."""
        return await self._find(token_hash(token), now_us, by_token=False)

    async def by_token(self, token: str, now_us: int) -> Identity | None:
        """Raises DatabaseError as by_session does."""
        return await self._find(token_hash(token), now_us, by_token=True)

    def forget(self, key: bytes) -> None:
        self._known.pop(key, None)

    def forget_user(self, user: User) -> None:
        """After a change of what this user may do or is."""
        for key in [key for key, known in self._known.items() if known.user.id == user.id]:
            del self._known[key]

    async def _find(self, key: bytes, now_us: int, *, by_token: bool) -> Identity | None:
        known = self._known.get(key)
        if known is not None and known.by_token == by_token and now_us < known.known_at + REMEMBER_US:
            return known if known.usable(now_us) else None
        try:
            found = await self._ask(key, now_us, by_token)
        except (DatabaseError, OSError):
            if known is not None and known.by_token == by_token and known.usable(now_us):
                return known
            raise
        self._remember(key, found)
        return found

    async def _ask(self, key: bytes, now_us: int, by_token: bool) -> Identity | None:
        if by_token:
            grant, session = await tokens.grant(self._database, key, now_us), None
            user, scope = (grant.user, grant.scope) if grant else (None, Scope.ALL)
        else:
            session, scope = await sessions.find(self._database, key, now_us), Scope.ALL
            user = session.user if session else None
        if user is None:
            return None
        zone = await preferences.kept(self._database, user, preferences.ZONE)
        return Identity(user, by_token, key, session, now_us, scope, zone)

    def _remember(self, key: bytes, found: Identity | None) -> None:
        self._known.pop(key, None)
        if found is None:
            return
        while len(self._known) >= MOST_REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[key] = found
