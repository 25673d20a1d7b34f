"""How fast sign-ins may be tried: rows in MySQL, so that all processes count together and a restart forgets nothing.

Per account, whether it exists or not: after FREE_FAILURES each further failure doubles the wait, up to MOST_SECONDS;
it is a delay and never a lock, so that nobody can shut another out for good. Per address: a bucket of
ADDRESS_FAILURES that loses one each ADDRESS_SECONDS.
"""

from appliance.storage.connection import Database

FREE_FAILURES = 3
MOST_SECONDS = 60
ADDRESS_FAILURES = 20
ADDRESS_SECONDS = 15
FORGET_US = 24 * 3600 * 1_000_000
"""A subject without a failure for this long starts anew."""


async def wait_seconds(database: Database, account: str, address: str, now_us: int) -> int:
    """How long to wait before the next try of this account from this address; 0 when it may be tried now."""
    rows = await database.fetch(
        "SELECT subject, failures, updated_at FROM sign_in_throttle WHERE subject IN (%s, %s) AND updated_at > %s",
        (_account(account), _address(address), max(0, now_us - FORGET_US)),
    )
    waits = [0.0]
    for subject, failures, updated_at in rows:
        passed = (now_us - updated_at) / 1_000_000
        if bytes(subject) == _account(account):
            waits.append(_account_delay(failures) - passed)
        else:
            waits.append((failures + 1 - ADDRESS_FAILURES) * ADDRESS_SECONDS - passed)
    longest = max(waits)
    return int(longest) + (longest > int(longest))


async def tried(database: Database, account: str, address: str, now_us: int) -> None:
    """Count a try against both, before its password is looked at: tries at the same time then see each other."""
    forgotten = max(0, now_us - FORGET_US)
    await database.execute("DELETE FROM sign_in_throttle WHERE updated_at < %s LIMIT 1000", (forgotten,))
    await _count(database, _account(account), 0.0, now_us)
    await _count(database, _address(address), 1.0 / ADDRESS_SECONDS, now_us)


async def succeeded(database: Database, account: str, address: str | None = None) -> None:
    """The account's count is gone; the address loses this try only, or one good account would open all others."""
    await database.execute("DELETE FROM sign_in_throttle WHERE subject = %s", (_account(account),))
    if address is not None:
        await database.execute(
            "UPDATE sign_in_throttle SET failures = GREATEST(0, failures - 1) WHERE subject = %s", (_address(address),)
        )


async def _count(database: Database, subject: bytes, leak_per_second: float, now_us: int) -> None:
    # updated_at is assigned last: MySQL uses the new value in assignments that follow it.
    await database.execute(
        "INSERT INTO sign_in_throttle (subject, failures, updated_at) VALUES (%s, 1, %s)"
        " ON DUPLICATE KEY UPDATE"
        " failures = GREATEST(0, failures - %s * (GREATEST(%s, updated_at) - updated_at) / 1000000) + 1,"
        " updated_at = %s",
        (subject, now_us, leak_per_second, now_us, now_us),
    )


def _account_delay(failures: float) -> float:
    over = int(failures) - FREE_FAILURES
    return 0.0 if over < 0 else float(min(MOST_SECONDS, 2 ** min(over, 30)))


def _account(name: str) -> bytes:
    return b"account:" + name.lower().encode("utf-8", "replace")[:100]


def _address(address: str) -> bytes:
    return b"address:" + address.encode("utf-8", "replace")[:100]
