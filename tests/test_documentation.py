"""Everything that an operator or a program can name is in the manual, and the manual is current."""

import re
from pathlib import Path

import pytest

from appliance.metrics import COUNTERS
from appliance.query.fields import FIELDS
from appliance.settings import Settings
from docs import generate

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
MANUAL = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("name", generate.PAGES)
def test_reference_pages_are_current(name: str) -> None:
    written = (REFERENCE / f"{name}.md").read_text(encoding="utf-8")
    assert written == generate.PAGES[name](), "run python -m docs.generate"


def test_each_setting_is_in_the_example_with_its_default() -> None:
    shown = {(section, key): default for section, key, default, _ in generate.example_keys()}
    assert set(shown) == generate.setting_names()
    for (section, key), default in shown.items():
        value = getattr(getattr(Settings(), section), key)
        usual = ", ".join(value) if isinstance(value, tuple) else str("" if value is None else value)
        assert default == usual, f"[{section}] {key}"


def test_each_setting_is_explained() -> None:
    assert all(explanation.endswith(".") for *_, explanation in generate.example_keys())


def test_the_example_can_be_used_as_it_is(tmp_path: Path) -> None:
    from appliance import settings

    file = tmp_path / "hepbox.ini"
    text = (ROOT / "hepbox.ini").read_text(encoding="utf-8")
    file.write_text(re.sub(r"^;(?=\w+ = )", "", text, flags=re.MULTILINE), encoding="utf-8")
    assert settings.load(file, {}) == Settings()


def test_each_command_says_what_it_does() -> None:
    silent = [name for name, command in generate.commands() if not command.help]
    assert not silent


def test_each_option_says_what_it_does() -> None:
    silent = [
        f"{name} {parameter.opts[0]}"
        for name, command in generate.commands()
        for parameter in command.params
        if getattr(parameter, "help", None) is None and parameter.name != "help"
    ]
    assert not silent


def test_each_address_says_what_it_is() -> None:
    assert not [path for path, _, sentence in generate.routes() if not sentence]


def test_each_counter_and_field_is_in_the_manual() -> None:
    metrics = (REFERENCE / "metrics.md").read_text(encoding="utf-8")
    fields = (REFERENCE / "fields.md").read_text(encoding="utf-8")
    assert not [counter.name for counter in COUNTERS if f"`{counter.name}`" not in metrics]
    assert not [name for name in FIELDS if f"| `{name}` |" not in fields]


def test_the_tests_that_guard_the_promises_are_there() -> None:
    promises = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("## Promises")[1]
    assert not [path for path in re.findall(r"`(tests/[\w/]+)`", promises) if not list((ROOT / path).glob("test_*.py"))]


def test_the_tests_that_the_page_on_reliability_names_are_there() -> None:
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[\w/.]+)`", page))
    assert not [path for path in named if not (ROOT / path).is_file()]
    assert not [file.name for file in (ROOT / "tests" / "faults").glob("test_*.py") if file.name not in page]


@pytest.mark.parametrize("page", MANUAL, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)", page.read_text("utf-8")):
        aim = (page.parent / target).resolve() if target else page
        assert aim.exists(), f"{page.name} links to {target}"
        if anchor and aim.suffix == ".md":
            assert anchor in _anchors(aim), f"{page.name} links to {target}#{anchor}"


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
