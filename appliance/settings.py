"""Settings: `hepbox.ini`, each key overridden by HEPBOX_<SECTION>_<KEY>, a secret also by …_FILE.

Read once at start, frozen, handed down as an argument. A mistake is one sentence: which key, where it was
set, what is allowed. HOMER's own names for its database (USE_REMOTE_MYSQL, DB_HOST …) are understood too.
"""

import configparser
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from appliance.model.country import country_code
from appliance.setting_types import (
    Address,
    Lines,
    Names,
    Networks,
    OptionalAddress,
    OptionalCount,
    OptionalPath,
    Words,
)

DEFAULT_FILE = Path("/etc/hepbox/hepbox.ini")


class SettingsError(Exception):
    """What the operator wrote cannot be used; the text says where, what, and what is allowed."""


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HepSettings(_Section):
    """[hep] what is received, and where."""

    listen: Address = "0.0.0.0:9060"
    tls_listen: OptionalAddress = None
    tls_certificate: OptionalPath = None
    tls_key: OptionalPath = None
    tls_client_ca: OptionalPath = None
    auth_key: str = ""
    allow: Networks = ()
    processes: OptionalCount = None
    writers: OptionalCount = None

    @model_validator(mode="after")
    def _tls_is_whole(self) -> Self:
        if self.tls_listen is not None and (self.tls_certificate is None or self.tls_key is None):
            raise ValueError("with tls_listen set, name the files tls_certificate and tls_key too")
        if self.tls_listen is not None and self.tls_listen == self.listen:
            raise ValueError(f"tls_listen and listen are both {self.listen}; give TLS a port of its own, such as 9061")
        return self


class WebSettings(_Section):
    """[web] where the GUI is."""

    listen: Address = "127.0.0.1:8080"
    url: str = ""
    proxies: Networks = ()
    metrics_allow: Networks = ()


class MysqlSettings(_Section):
    """[mysql] a server of the operator's own; without host, hepbox starts one."""

    host: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 3306
    user: str = "hepbox"
    password: str = ""
    database: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{1,64}$")] = "hepbox"
    tls_ca: OptionalPath = None
    socket: OptionalPath = None
    """Set by the supervisor for its own server."""


class RedisSettings(_Section):
    """[redis] a server of the operator's own; without url, hepbox starts one."""

    url: str = ""
    memory: Annotated[str, Field(pattern=r"^[1-9][0-9]*(mb|gb)$")] = "512mb"
    socket: OptionalPath = None
    """Set by the supervisor for its own server."""


class BufferSettings(_Section):
    """[buffer] how much may wait on disk while Redis is away or full."""

    spill_limit: Annotated[str, Field(pattern=r"^[1-9][0-9]*(mb|gb)$")] = "10gb"
    min_free: Annotated[str, Field(pattern=r"^[0-9]+(mb|gb)$")] = "1gb"


class SiteSettings(_Section):
    """[site] this appliance's name in message ids; made once when empty."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.]{0,32}$")] = ""


class SipSettings(_Section):
    """[sip] what is read from SIP messages."""

    correlation_headers: Words = ("X-CID", "X-CallIDALeg", "X-Call-ID", "Session-ID")
    callid_suffixes: Words = ("_b2b-1", "_b2b-2", "_b2b-3")
    custom_headers: Annotated[Names, Field(max_length=3)] = ()
    discard: Lines = ()
    censor: Words = ()
    deduplicate_ms: Annotated[int, Field(ge=0, le=60_000)] = 0
    home_country: Annotated[str, BeforeValidator(country_code)] = ""


class SearchSettings(_Section):
    """[search] how far the searches of one user go, each and together."""

    seconds: Annotated[int, Field(ge=1, le=600)] = 20
    text_seconds: Annotated[int, Field(ge=1, le=600)] = 10
    text_messages: Annotated[int, Field(ge=1000)] = 1_000_000
    at_once: Annotated[int, Field(ge=1, le=50)] = 4


class PathSettings(_Section):
    """[paths] where things lie."""

    data: Path = Path("/var/lib/hepbox")
    rotation: Path = Path("/etc/hepbox/rotation.ini")
    geoip: OptionalPath = None


class Settings(_Section):
    """All of hepbox.ini."""

    hep: HepSettings = HepSettings()
    web: WebSettings = WebSettings()
    mysql: MysqlSettings = MysqlSettings()
    redis: RedisSettings = RedisSettings()
    buffer: BufferSettings = BufferSettings()
    site: SiteSettings = SiteSettings()
    sip: SipSettings = SipSettings()
    search: SearchSettings = SearchSettings()
    paths: PathSettings = PathSettings()


_SECRETS = frozenset({("hep", "auth_key"), ("mysql", "password"), ("redis", "url")})
_HOMER_NAMES = {"DB_HOST": "host", "DB_PORT": "port", "DB_USER": "user", "DB_PASS": "password"}
_TRUE = frozenset({"1", "true", "yes", "on"})


def load(file: Path | None, environment: Mapping[str, str] | None = None, **paths: Path | None) -> Settings:
    """Read the file (DEFAULT_FILE if it exists when None), then the environment. Raises SettingsError."""
    environ = os.environ if environment is None else environment
    values, origin = _read_file(file)
    for section, key, value, name in _read_environment(environ):
        values.setdefault(section, {})[key] = value
        origin[section, key] = f"environment variable {name}"
    for key, path in paths.items():
        if path is not None:
            values.setdefault("paths", {})[key] = str(path.absolute())
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsError(_sentence(error, origin)) from error


def _read_file(file: Path | None) -> tuple[dict[str, dict[str, Any]], dict[tuple[str, str], str]]:
    path = file or DEFAULT_FILE
    if file is None and not path.exists():
        return {}, {}
    # no section has the name "", so none lends its keys to the others
    parser = configparser.ConfigParser(interpolation=None, inline_comment_prefixes=("#", ";"), default_section="")
    try:
        parser.read_string(path.read_text(encoding="utf-8"), source=str(path))
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        raise SettingsError(f"{path}: cannot be read as settings: {' '.join(str(error).split())}") from error
    values: dict[str, dict[str, Any]] = {name: dict(parser[name]) for name in parser.sections()}
    return values, {(s, k): f"{path} [{s}] {k}".strip() for s, keys in values.items() for k in ("", *keys)}


def _read_environment(environ: Mapping[str, str]) -> list[tuple[str, str, str, str]]:
    """(section, key, value, variable); HOMER's names first, so that ours win."""
    found: list[tuple[str, str, str, str]] = []
    if environ.get("USE_REMOTE_MYSQL", "").lower() in _TRUE:
        found += [("mysql", key, environ[name], name) for name, key in _HOMER_NAMES.items() if name in environ]
    for section, field in Settings.model_fields.items():
        for key in field.default.__class__.model_fields:
            name = f"HEPBOX_{section}_{key}".upper()
            if name in environ:
                found.append((section, key, environ[name], name))
            if (section, key) in _SECRETS and f"{name}_FILE" in environ:
                found.append((section, key, _secret(environ[f"{name}_FILE"], f"{name}_FILE"), f"{name}_FILE"))
    return found


def _secret(path: str, variable: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\n")
    except OSError as error:
        raise SettingsError(f"{variable}: the file {path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{variable}: the file {path} is not UTF-8 text") from error


def _sentence(error: ValidationError, origin: Mapping[tuple[str, str], str]) -> str:
    sentences = []
    for problem in error.errors(include_url=False):
        place = [str(part) for part in problem["loc"]]
        section, key = place[0], place[1] if len(place) > 1 else ""
        where = origin.get((section, key), f"[{section}] {key}".strip())
        if problem["type"] == "extra_forbidden":
            sentences.append(f"{where}: there is no such setting; {_allowed(section)}")
        else:
            sentences.append(f"{where}: {problem['msg'].removeprefix('Value error, ')}")
    return "; ".join(sentences)


def _allowed(section: str) -> str:
    field = Settings.model_fields.get(section)
    if field is None:
        return "sections are " + ", ".join(Settings.model_fields)
    return f"[{section}] has " + ", ".join(field.default.__class__.model_fields)


def byte_count(text: str) -> int:
    """`512mb` -> 536870912."""
    return int(text[:-2]) * {"mb": 1 << 20, "gb": 1 << 30}[text[-2:]]
