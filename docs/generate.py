"""Writes docs/reference/*.md from the code, so that the manual cannot say anything else: `python -m docs.generate`.

Each page is a function that gives the whole text; tests/test_documentation.py compares it with the file.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import typer
from typer.core import TyperArgument, TyperOption

import appliance.cli
from appliance.calls.measures import MEASURES
from appliance.metrics import COUNTERS
from appliance.query.fields import FIELDS
from appliance.settings import Settings
from appliance.web.programs import Program, programs
from appliance.why.codes import MEANINGS, REASON_PHRASES
from appliance.why.q850 import CAUSES
from appliance.why.registry import RULES

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "hepbox.ini"
_NOTE = "<!-- Written by python -m docs.generate. Do not edit. -->\n"


def settings_page() -> str:
    """Every key of hepbox.ini with its explanation there."""
    parts = [_NOTE, "# Settings\n", _explained_head()]
    section = ""
    for name, key, default, explanation in example_keys():
        if name != section:
            section = name
            parts.append(f"## `[{section}]`\n")
        shown = f"`{default}`" if default else "empty"
        variable = f"HEPBOX_{section}_{key}".upper()
        parts.append(f"### `{key}`\n\n{explanation}\n\nDefault: {shown}. Environment: `{variable}`.\n")
    return "\n".join(parts)


def _explained_head() -> str:
    head = EXAMPLE.read_text(encoding="utf-8").split("\n\n", 1)[0]
    return " ".join(line.removeprefix("# ") for line in head.splitlines()) + "\n"


def example_keys() -> Iterator[tuple[str, str, str, str]]:
    """(section, key, default, explanation) of each commented-out key of the example file."""
    section, words = "", list[str]()
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        if line.startswith("# "):
            words.append(line[2:])
        elif found := re.fullmatch(r";(\w+) =(.*)", line):
            yield section, found[1], found[2].strip(), " ".join(words)
        if not line.startswith("# "):
            words = []


def setting_names() -> set[tuple[str, str]]:
    """(section, key) of all that an operator may write; sockets are the supervisor's own."""
    sections = {name: type(field.default) for name, field in Settings.model_fields.items()}
    return {(name, key) for name, model in sections.items() for key in model.model_fields if key != "socket"}


def commands_page() -> str:
    """Every command with its arguments and options."""
    parts = [_NOTE, "# The command `hepbox`\n"]
    parts.append("Errors are one line on stderr; exit 2 for wrong usage or settings, 1 for a failure.\n")
    for name, command in commands():
        parts.append(f"## `hepbox {name}`\n\n{_paragraphs(command.help or '')}\n")
        rows = [_parameter(parameter) for parameter in command.params if _is_shown(parameter)]
        if rows:
            parts.append("| option | meaning | default |\n|---|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def commands() -> list[tuple[str, typer.core.TyperCommand]]:
    """(words, command) of each, groups such as `user add` unfolded, by name."""
    for module in pkgutil.iter_modules(appliance.cli.__path__):
        importlib.import_module(f"appliance.cli.{module.name}")
    return sorted(_unfolded(typer.main.get_command(appliance.cli.app), ""), key=lambda pair: pair[0])


def _unfolded(command: object, name: str) -> Iterator[tuple[str, typer.core.TyperCommand]]:
    if isinstance(command, typer.core.TyperGroup):
        for word, inner in command.commands.items():
            yield from _unfolded(inner, f"{name} {word}".strip())
    elif isinstance(command, typer.core.TyperCommand):
        yield name or "hepbox", command


def _is_shown(parameter: object) -> bool:
    """Options that only our own processes use are hidden."""
    return getattr(parameter, "name", "") != "help" and not getattr(parameter, "hidden", False)


def _parameter(parameter: object) -> str:
    if isinstance(parameter, TyperArgument):
        return f"| `{(parameter.metavar or parameter.name or '').upper()}` | {_cell(parameter.help or '')} | |"
    assert isinstance(parameter, TyperOption)
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    default = "" if parameter.default in (None, False, (), []) or callable(parameter.default) else parameter.default
    if isinstance(parameter.show_default, str):
        default = parameter.show_default
    return f"| `{names}` | {_cell(parameter.help or '')} | {_cell(str(default))} |"


def routes_page() -> str:
    """Every address of the GUI and the API with the first sentence of the function that answers it."""
    rows = [f"| {methods} | `{path}` | {_cell(text)} |" for path, methods, text in routes()]
    return "\n".join([_NOTE, "# Addresses\n", "| method | address | what |\n|---|---|---|", *rows, ""])


def routes() -> list[tuple[str, str, str]]:
    """(path, methods, sentence) of each, in the order of the site map."""
    from starlette.routing import Route

    from appliance.web.app import create_app

    found = []
    for route in create_app(Settings()).routes:
        if isinstance(route, Route):
            methods = " ".join(sorted((route.methods or set()) - {"HEAD"}))
            found.append((route.path, methods, _sentence(route.endpoint.__doc__ or "")))
    return found


def metrics_page() -> str:
    """Every counter that `/metrics` shows."""
    rows = [f"| `{c.name}` | {', '.join(f'`{label}`' for label in c.labels)} | {_cell(c.help)} |" for c in COUNTERS]
    head = "`GET /metrics` gives these for all processes together, and they survive restarts.\n"
    return "\n".join([_NOTE, "# Metrics\n", head, "| name | labels | what |\n|---|---|---|", *rows, ""])


def fields_page() -> str:
    """Every field of the query line."""
    rows = [
        f"| `{field.name}` | {field.home} | {field.type} | {_cell(field.help)} | `{_cell(field.example)}` |"
        for field in FIELDS.values()
    ]
    head = "How they are combined is told in [The query line](../use.md#the-query-line).\n"
    table = "| field | of a | value | what | example |\n|---|---|---|---|---|"
    return "\n".join([_NOTE, "# Fields of the query line\n", head, table, *rows, ""])


def agents_page() -> str:
    """What to put into each program's configuration, and how it is known to work."""
    head = (
        "The page `/agents` shows the same lines with your appliance's own addresses filled in, and what was seen of"
        " each. Here `HOST` and `PORT` stand for those of `[hep] listen`, `URL` for the GUI's address, `AUTH_KEY` for"
        " `[hep] auth_key` where one is set.\n"
    )
    rows = [f"| [{p.title}](#{_anchor(p.title)}) | {p.proof.words} | {_shown_by(p)} |" for p in programs()]
    table = "| program | proven by | shown by |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    return "\n".join([_NOTE, "# Agents\n", head, table, *map(_program, programs())])


def _program(program: Program) -> str:
    parts = [f"## {program.title}\n", f"Sends {'; '.join(program.sends)}. In {program.file}:\n", _fenced(program.lines)]
    if program.key:
        parts += ["When `[hep] auth_key` is set:\n", _fenced(program.key)]
    parts += [f"{program.key_words}\n"] if program.key_words else []
    parts += ["A line of a log from there:\n", _fenced(program.log)] if program.log else []
    return "\n".join([*parts, *(f"- {each}" for each in program.oddities), ""])


def _fenced(lines: str) -> str:
    filled = lines
    for name in ("HOST", "PORT", "URL"):
        filled = filled.replace(f"@{name}@", name)
    return f"```\n{filled.replace('@KEY@', 'AUTH_KEY')}\n```\n"


def _shown_by(program: Program) -> str:
    return ", ".join(f"`{test.partition('::')[0].removeprefix('tests/')}`" for test in program.shown_by)


def _anchor(title: str) -> str:
    kept = "".join(c for c in title.lower() if c.isalnum() or c in " -_")
    return kept.replace(" ", "-")


def why_page() -> str:
    """What the tab Why can tell, and the plain words of codes and causes."""
    head = (
        "What the page `/calls/KEY/why`, the API and `hepbox call` tell of a call: first a sentence that says what"
        " happened, then what these rules find, in this order. Each finding names the messages that show it.\n"
    )
    rules = [f"| `{r.name}` | {r.severity} | {r.reference} | {_cell(r.find.__doc__ or '')} |" for r in RULES]
    codes = [f"| {code} | {_cell(REASON_PHRASES.get(code, ''))} | {words} |" for code, words in MEANINGS.items()]
    causes = [f"| {cause} | {words} |" for cause, words in CAUSES.items()]
    parts = [_NOTE, "# Why\n", head, "| rule | severity | reference | what it tells |\n|---|---|---|---|", *rules]
    parts += ["\n## Responses in plain words\n", "| code | phrase | meaning |\n|---|---|---|", *codes]
    parts += ["\n## Causes of ITU-T Q.850\n", "| cause | meaning |\n|---|---|", *causes, ""]
    return "\n".join(parts)


def measures_page() -> str:
    """What is measured of many calls, by which formula."""
    head = (
        "The figures of `/statistics` and of the strip above found calls. Calls are counted by the state and final"
        " response of their record: a challenge that was answered is part of its call, and joined legs are one call;"
        " by address each leg counts where it went.\n"
    )
    rows = [f"| {one.name} | {one.title} | {one.source} | {_cell(one.formula)} | {one.unit} |" for one in MEASURES]
    table = "| | measure | source | formula | unit |\n|---|---|---|---|---|"
    return "\n".join([_NOTE, "# Measures\n", head, table, *rows, ""])


def _sentence(text: str) -> str:
    return " ".join(text.strip().split("\n\n")[0].split())


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


PAGES: dict[str, Callable[[], str]] = {
    "settings": settings_page,
    "commands": commands_page,
    "addresses": routes_page,
    "metrics": metrics_page,
    "fields": fields_page,
    "agents": agents_page,
    "why": why_page,
    "measures": measures_page,
}


def main() -> None:
    (HERE / "reference").mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (HERE / "reference" / f"{name}.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
