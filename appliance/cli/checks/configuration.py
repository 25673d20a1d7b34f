"""The settings: where they come from, and who can read the secrets in them."""

import stat
from collections.abc import Iterator
from pathlib import Path

from appliance.cli.checks.finding import Finding, note, ok, wrong
from appliance.ingest.rules import RuleError, Rules
from appliance.settings import DEFAULT_FILE, Settings

_SECRETS = frozenset({("hep", "auth_key"), ("mysql", "password"), ("redis", "url")})


def examine(settings: Settings, file: Path | None) -> Iterator[Finding]:
    """`settings` were read from `file` (None: the usual place, if it is there)."""
    path = file or DEFAULT_FILE
    if path.exists():
        yield ok("settings", f"{path} is well-formed")
        yield from _permissions(settings, path)
    else:
        yield ok("settings", "defaults and environment; there is no file")
    yield from _rules(settings)
    changed = differences(settings)
    yield ok("settings", "; ".join(changed) if changed else "all defaults")


def _rules(settings: Settings) -> Iterator[Finding]:
    try:
        if Rules(settings.sip):
            yield ok("rules", "what is discarded and censored is understood")
    except RuleError as error:
        yield wrong("rules", str(error), "change it in hepbox.ini, then reload hepbox")


def _permissions(settings: Settings, path: Path) -> Iterator[Finding]:
    secret = settings.hep.auth_key or settings.mysql.password or settings.redis.url
    if secret and path.stat().st_mode & stat.S_IROTH:
        yield wrong("secrets", f"everybody on this machine can read {path}", f"chmod 640 {path}; chgrp hepbox {path}")
    if settings.mysql.host and not settings.mysql.password:
        yield note("secrets", f"[mysql] host is {settings.mysql.host} and there is no password", "set [mysql] password")


def differences(settings: Settings) -> list[str]:
    """What is not as it comes, without secrets: `[web] listen = 0.0.0.0:80`."""
    found = []
    for section, field in Settings.model_fields.items():
        chosen, usual = getattr(settings, section), field.default
        for key in type(chosen).model_fields:
            value = getattr(chosen, key)
            if key != "socket" and value != getattr(usual, key):
                found.append(f"[{section}] {key} = {'(set)' if (section, key) in _SECRETS else _written(value)}")
    return found


def _written(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
