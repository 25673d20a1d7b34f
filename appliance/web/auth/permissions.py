"""What somebody may do: asked here and nowhere else."""

from enum import StrEnum

from appliance.storage.accounts import Role, User
from appliance.storage.tokens import Scope


class Deed(StrEnum):
    """What can be asked for."""

    READ = "read"
    """Search, open, export."""
    CHANGE_OWN_PASSWORD = "change_own_password"  # noqa: S105
    MANAGE_OWN_TOKENS = "manage_own_tokens"
    SEE_HEALTH = "see_health"
    INGEST = "ingest"
    """Post events to be stored."""
    IMPORT = "import"
    """Put captures into the store."""
    JOIN = "join"
    """Say which calls are legs of one, and which are not."""
    SEE_REASONS = "see_reasons"
    """Why the appliance is not ready: names of servers, paths, numbers."""
    SHARE = "share"
    """Make links that show a call without a login, and revoke one's own."""
    ANNOTATE = "annotate"
    """Write notes, and change and delete one's own."""
    PIN = "pin"
    """Keep calls beyond their days, and let go of one's own."""
    KEEP_SEARCHES = "keep_searches"
    """Save searches, share them, forget what one asked for lately, and choose one's columns and zone."""
    ADMINISTER = "administer"


_FIRST_PASSWORD = frozenset({Deed.CHANGE_OWN_PASSWORD})
_USER = frozenset(
    {
        Deed.READ,
        Deed.INGEST,
        Deed.IMPORT,
        Deed.JOIN,
        Deed.SHARE,
        Deed.ANNOTATE,
        Deed.PIN,
        Deed.KEEP_SEARCHES,
        Deed.CHANGE_OWN_PASSWORD,
        Deed.MANAGE_OWN_TOKENS,
        Deed.SEE_HEALTH,
        Deed.SEE_REASONS,
    }
)


_OF_SCOPE = {
    Scope.READ: frozenset({Deed.READ, Deed.SEE_HEALTH, Deed.SEE_REASONS}),
    Scope.INGEST: frozenset({Deed.INGEST}),
}
"""What tokens may that may not all."""


def may(
    user: User | None, deed: Deed, _object: object = None, *, by_token: bool = False, scope: Scope = Scope.ALL
) -> bool:
    """Whether `user` may do `deed` to the object (roles have no narrower scope yet); `scope` is that of a token.

    A token was made by somebody who owns the machine or had changed the password, so it does not wait for the
    first change; it never changes a password.
    """
    if user is None or user.disabled:
        return False
    if deed not in _OF_SCOPE.get(scope, frozenset(Deed)):
        return False
    if by_token:
        return deed in _USER - {Deed.CHANGE_OWN_PASSWORD, Deed.MANAGE_OWN_TOKENS} or _rules(user, deed)
    if user.must_change:
        return deed in _FIRST_PASSWORD
    return deed in _USER or _rules(user, deed)


def _rules(user: User, deed: Deed) -> bool:
    return deed is Deed.ADMINISTER and user.role is Role.ADMIN
