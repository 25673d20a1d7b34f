from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path

import pytest

from appliance.settings import Settings, SettingsError, byte_count, load

HOMER = {"USE_REMOTE_MYSQL": "true", "DB_HOST": "db.example.com", "DB_PORT": "3307", "DB_USER": "homer", "DB_PASS": "p"}


def loaded(tmp_path: Path, text: str = "", environment: Mapping[str, str] | None = None) -> Settings:
    file = tmp_path / "hepbox.ini"
    file.write_text(text, encoding="utf-8")
    return load(file, environment or {})


def complaint(tmp_path: Path, text: str = "", environment: Mapping[str, str] | None = None) -> str:
    with pytest.raises(SettingsError) as caught:
        loaded(tmp_path, text, environment)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def test_without_a_word_the_defaults_hold(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    assert settings == Settings()
    assert (settings.hep.listen, settings.web.listen) == ("0.0.0.0:9060", "127.0.0.1:8080")
    assert (settings.mysql.host, settings.mysql.port, settings.mysql.database) == ("", 3306, "hepbox")
    assert settings.hep.processes is None
    assert settings.paths.data == Path("/var/lib/hepbox")
    assert settings.sip.correlation_headers == ("X-CID", "X-CallIDALeg", "X-Call-ID", "Session-ID")


def test_the_file_that_is_shipped_is_understood() -> None:
    load(Path(__file__).resolve().parents[1] / "hepbox.ini", {})


def test_the_file_is_read(tmp_path: Path) -> None:
    settings = loaded(
        tmp_path,
        "[hep]\nlisten = [::]:9061  ; both families\nallow = 192.0.2.0/24, 2001:db8::/32\nprocesses = 3\n"
        "[sip]\ncorrelation_headers = X-One X-Two\n[mysql]\npassword = 100%;of=it\n",
    )
    assert settings.hep.listen == "[::]:9061"
    assert settings.hep.allow == (ip_network("192.0.2.0/24"), ip_network("2001:db8::/32"))
    assert settings.hep.processes == 3
    assert settings.sip.correlation_headers == ("X-One", "X-Two")
    assert settings.mysql.password == "100%;of=it"


def test_an_empty_number_means_the_default(tmp_path: Path) -> None:
    assert loaded(tmp_path, "[hep]\nprocesses =\nwriters =\n").hep.processes is None


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "[hep]\nlisten = 127.0.0.1:1\nauth_key = a\n", {"HEPBOX_HEP_LISTEN": "127.0.0.1:2"})
    assert (settings.hep.listen, settings.hep.auth_key) == ("127.0.0.1:2", "a")


def test_a_path_of_the_command_line_wins_over_both_and_is_absolute(tmp_path: Path) -> None:
    settings = load(None, {"HEPBOX_PATHS_DATA": "/environment"}, data=Path("here"))
    assert settings.paths.data == Path("here").absolute()
    assert load(None, {"HEPBOX_PATHS_DATA": "/environment"}, data=None).paths.data == Path("/environment")


@pytest.mark.parametrize("secret", ["HEP_AUTH_KEY", "MYSQL_PASSWORD", "REDIS_URL"])
def test_a_secret_is_read_from_a_file_without_its_last_line_break(tmp_path: Path, secret: str) -> None:
    file = tmp_path / "secret"
    file.write_text(" ä %x\n", encoding="utf-8")
    settings = loaded(tmp_path, environment={f"HEPBOX_{secret}_FILE": str(file)})
    section, key = secret.lower().split("_", 1)
    assert getattr(getattr(settings, section), key) == " ä %x"


def test_only_secrets_are_read_from_files(tmp_path: Path) -> None:
    assert loaded(tmp_path, environment={"HEPBOX_HEP_LISTEN_FILE": "/nowhere"}) == Settings()


def test_a_secret_whose_file_is_missing_is_named(tmp_path: Path) -> None:
    sentence = complaint(tmp_path, environment={"HEPBOX_MYSQL_PASSWORD_FILE": "/nowhere"})
    assert sentence == "HEPBOX_MYSQL_PASSWORD_FILE: the file /nowhere cannot be read: No such file or directory"


def test_a_secret_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"\xff\xfe")
    assert "HEPBOX_MYSQL_PASSWORD_FILE" in complaint(tmp_path, environment={"HEPBOX_MYSQL_PASSWORD_FILE": str(file)})


def test_the_home_country_is_a_code_of_two_letters(tmp_path: Path) -> None:
    assert loaded(tmp_path, "[sip]\nhome_country = de\n").sip.home_country == "DE"
    sentence = complaint(tmp_path, "[sip]\nhome_country = Germany\n")
    assert sentence.endswith("[sip] home_country: Germany is no country; write its two letters (ISO 3166), such as DE")


def test_homers_names_for_its_database_are_understood(tmp_path: Path) -> None:
    mysql = loaded(tmp_path, "[mysql]\nhost = file\n", HOMER).mysql
    assert (mysql.host, mysql.port, mysql.user, mysql.password) == ("db.example.com", 3307, "homer", "p")


def test_homers_names_count_only_when_a_remote_database_is_asked_for(tmp_path: Path) -> None:
    assert loaded(tmp_path, environment={**HOMER, "USE_REMOTE_MYSQL": "false"}).mysql == Settings().mysql


def test_our_own_names_win_over_homers(tmp_path: Path) -> None:
    assert loaded(tmp_path, environment={**HOMER, "HEPBOX_MYSQL_HOST": "ours"}).mysql.host == "ours"


@pytest.mark.parametrize(
    ("text", "names", "allowed"),
    [
        ("[hep]\nlisten = 9060\n", "[hep] listen", "ADDRESS:PORT"),
        ("[web]\nlisten =\n", "[web] listen", "ADDRESS:PORT"),
        ("[hep]\nprocesses = many\n", "[hep] processes", "integer"),
        ("[hep]\nprocesses = 0\n", "[hep] processes", "1"),
        ("[hep]\nallow = 192.0.2.300\n", "[hep] allow", "192.0.2.300"),
        ("[mysql]\nport = 70000\n", "[mysql] port", "65535"),
        ("[mysql]\ndatabase = a-b\n", "[mysql] database", "match"),
        ("[redis]\nmemory = 1 tb\n", "[redis] memory", "mb|gb"),
        ("[buffer]\nspill_limit = 0gb\n", "[buffer] spill_limit", "mb|gb"),
        ("[site]\nname = a-b\n", "[site] name", "A-Za-z0-9_."),
        (
            "[hep]\nlistens = x\n",
            "[hep] listens",
            "there is no such setting; [hep] has listen, tls_listen, tls_certificate",
        ),
        ("[help]\nlisten = x\n", "[help]", "there is no such setting; sections are hep, web, mysql"),
    ],
)
def test_a_mistake_is_one_sentence_with_file_section_key_and_what_is_allowed(
    tmp_path: Path, text: str, names: str, allowed: str
) -> None:
    sentence = complaint(tmp_path, text)
    assert names in sentence
    assert allowed in sentence
    assert str(tmp_path / "hepbox.ini") in sentence


@pytest.mark.parametrize("port", ["0", "65536", "99999"])
def test_a_port_that_there_cannot_be_is_a_mistake(tmp_path: Path, port: str) -> None:
    assert "[hep] listen" in complaint(tmp_path, f"[hep]\nlisten = 127.0.0.1:{port}\n")


def test_a_mistake_in_the_environment_names_the_variable(tmp_path: Path) -> None:
    sentence = complaint(tmp_path, environment={"HEPBOX_HEP_LISTEN": "nowhere"})
    assert sentence.startswith("environment variable HEPBOX_HEP_LISTEN: ")
    assert "DB_PORT" in complaint(tmp_path, environment={**HOMER, "DB_PORT": "many"})


def test_a_secret_is_not_in_a_complaint(tmp_path: Path) -> None:
    assert "geheim" not in complaint(tmp_path, "[mysql]\npassword = geheim\nport = x\n")


def test_several_mistakes_are_all_named(tmp_path: Path) -> None:
    sentence = complaint(tmp_path, "[hep]\nlisten = x\n[mysql]\nport = y\n")
    assert "[hep] listen" in sentence
    assert "[mysql] port" in sentence


@pytest.mark.parametrize(
    "octets", [b"listen = x\n", b"[hep]\nlisten\n", b"[hep]\n[hep]\n", b"\xff", b"[hep]\na=1\na=2\n"]
)
def test_a_file_that_is_no_ini_file_is_named(tmp_path: Path, octets: bytes) -> None:
    file = tmp_path / "broken.ini"
    file.write_bytes(octets)
    with pytest.raises(SettingsError, match="cannot be read as settings") as caught:
        load(file, {})
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load(tmp_path / "missing.ini", {})


def test_a_key_in_default_is_a_mistake_and_not_a_setting_of_every_section(tmp_path: Path) -> None:
    complaint(tmp_path, "[DEFAULT]\nlisten = 127.0.0.1:1\n[hep]\nprocesses = 1\n[web]\nurl = http://x\n")


def test_sizes_are_powers_of_two() -> None:
    assert byte_count("512mb") == 512 * 1024 * 1024
    assert byte_count("10gb") == 10 * 1024**3


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("tls_listen = 0.0.0.0:9061", "with tls_listen set, name the files tls_certificate and tls_key too"),
        ("tls_listen = 9061", "write ADDRESS:PORT"),
        ("tls_listen = 0.0.0.0:9060\ntls_certificate = /a\ntls_key = /b", "give TLS a port of its own"),
    ],
)
def test_tls_without_what_it_needs_is_one_sentence(lines: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "hepbox.ini"
    file.write_text(f"[hep]\n{lines}\n")
    with pytest.raises(SettingsError, match=said):
        load(file, {})


@pytest.mark.parametrize("word", ["", "off"])
def test_tls_is_off_by_either_word(word: str) -> None:
    assert load(None, {"HEPBOX_HEP_TLS_LISTEN": word}).hep.tls_listen is None


def test_headers_of_choice_are_at_most_three_names(tmp_path: Path) -> None:
    assert loaded(tmp_path, "[sip]\ncustom_headers = X-A, X-B\n").sip.custom_headers == ("X-A", "X-B")
    assert "[sip] custom_headers" in complaint(tmp_path, "[sip]\ncustom_headers = a b c d\n")
    assert "[sip] custom_headers" in complaint(tmp_path, "[sip]\ncustom_headers = a:b\n")
