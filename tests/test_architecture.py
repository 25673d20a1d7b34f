"""What holds for the code as a whole: import direction, a test file for each module, its size, its style."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = ROOT / "appliance"
LINES = 250

LONGER_WITH_REASON: dict[str, str] = {}
"""Modules that may be longer than LINES, and why."""

TESTED_ELSEWHERE: dict[str, str] = {
    "__init__": "holds no behaviour",
    "__main__": "one line, run by tests/cli",
    "calls/joins/edge": "values without behaviour",
    "ingest/folded": "a step of settling, tested by tests/ingest/test_settler.py and test_joining.py",
    "ingest/key_joins": "a step of joining, tested on real tables by tests/ingest/test_joining.py",
    "storage/leg_writes": "what it writes is read by tests/storage/test_legs.py",
    "web/leg_edits": "what pages and API share, tested by tests/web/views/test_call_legs.py and api/test_legs.py",
    "matching/attributes": "of what the fields are made, tested by tests/matching/test_fields.py",
    "export/json_fields": "a table of names, used by every row of tests/export/test_as_json.py",
    "hep/chunks": "a table of numbers, used by every packet of tests/hep",
    "hep/errors": "one exception, raised in tests/hep",
    "hep/addresses": "part of decoding, tested with it",
    "hep/compression": "part of decoding, tested with it",
    "model/message": "values without behaviour",
    "model/dialogs": "values without behaviour",
    "model/packet": "values without behaviour",
    "model/quality": "values without behaviour",
    "query/nouns": "a table of words, used by every sentence of tests/query/test_meaning.py",
    "model/registrations": "values without behaviour",
    "storage/search/binding_columns": "each of its fields is asked by tests/storage/search/test_registrations.py",
    "storage/search/dialog_messages": "steps of a search, asked by tests/storage/search/test_dialogs.py",
    "sip/first_line": "part of parsing, tested with it",
    "sip/lines": "part of parsing, tested with it",
    "sip/names": "a table of names, used by every message of tests/sip",
}
"""Modules (paths without .py below appliance/, or a bare name anywhere) without a test file of their own, and why."""


def modules() -> list[Path]:
    return sorted(path.relative_to(CODE) for path in CODE.rglob("*.py"))


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"


def tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def test_packages_import_only_lower_ones() -> None:
    run(tool("lint-imports"), "--no-cache")


def test_ruff_finds_nothing() -> None:
    run(tool("ruff"), "check", ".")


def test_the_code_is_formatted() -> None:
    run(tool("ruff"), "format", "--check", ".")


def test_types_are_right() -> None:
    run(tool("mypy"))


def test_shellcheck_finds_nothing() -> None:
    scripts = ["installer.sh", "test.sh", ".ci/run"]
    scripts += sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docker").rglob("*.sh"))
    run("shellcheck", "--check-sourced", "--external-sources", *scripts)


@pytest.mark.parametrize("module", modules(), ids=str)
def test_each_module_has_its_test_file(module: Path) -> None:
    mirrored = ROOT / "tests" / module.parent / f"test_{module.name}"
    name = str(module.with_suffix(""))
    if name in TESTED_ELSEWHERE or module.stem in TESTED_ELSEWHERE:
        assert not mirrored.exists(), f"{mirrored.relative_to(ROOT)} exists: take {name} from TESTED_ELSEWHERE"
        return
    assert mirrored.exists(), f"appliance/{module} has no {mirrored.relative_to(ROOT)}"


def test_each_exception_names_a_module() -> None:
    known = {str(module.with_suffix("")) for module in modules()} | {module.stem for module in modules()}
    assert {*TESTED_ELSEWHERE, *LONGER_WITH_REASON} <= known


@pytest.mark.parametrize("module", modules(), ids=str)
def test_a_module_is_one_idea_on_a_few_screens(module: Path) -> None:
    lines = len((CODE / module).read_text(encoding="utf-8").splitlines())
    if str(module) in LONGER_WITH_REASON:
        assert lines > LINES, f"appliance/{module} is no longer an exception"
        return
    assert lines <= LINES, f"appliance/{module} has {lines} lines; {LINES} are the limit without a named reason"


def test_the_repository_speaks_of_the_project_alone() -> None:
    """No paths of one machine, no hosts of package registries: apt and pip know where to look."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    forbidden = ("/work/", "/root/", "pypi." + "org", "deb.debian" + ".org", "PIP_INDEX" + "_URL=")
    found = []
    for name in listed:
        path = ROOT / name
        if path == Path(__file__) or not path.is_file():
            continue
        text = path.read_bytes()
        found += [f"{name}: {word}" for word in forbidden if word.encode() in text]
    assert not found, "\n".join(found)
