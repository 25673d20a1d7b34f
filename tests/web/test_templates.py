"""What no template may hold: scripts and styles inline, unescaped text, words of another htmx."""

import re
from pathlib import Path

import pytest

from appliance.web.render import TEMPLATES, environment

FILES = sorted(TEMPLATES.rglob("*.html"))
HTMX_2 = (
    "hx-ext=|sse-connect|sse-swap|hx-sse=|hx-ws|hx-disabled-elt|hx-vars|hx-params|hx-request=|hx-on:htmx:|hx-history"
    "|HX-Trigger-After-|htmx:[a-z]+[A-Z]"
)
FORBIDDEN = {
    "a script inline": r"<script(?![^>]*\ssrc=)",
    "a style inline": r"<style|\sstyle=",
    "a handler inline": r"\son[a-z]+=|hx-on|javascript:",
    "text without escape": r"\|\s*safe|autoescape|Markup",
    "a word of htmx 2": HTMX_2,
    "an attribute without quotes": r"\s(?:href|value|title|class|id)=[^\"'\s>]",
    "something from elsewhere": r"(?:src|href)=\"(?:https?:)?//",
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(TEMPLATES)))
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(file: Path, what: str) -> None:
    assert re.search(FORBIDDEN[what], file.read_text(encoding="utf-8")) is None, f"{file.name} holds {what}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(TEMPLATES)))
def test_each_template_can_be_read(file: Path) -> None:
    environment().get_template(str(file.relative_to(TEMPLATES)))


@pytest.mark.parametrize("script", sorted((TEMPLATES.parent / "static").glob("*.js")), ids=lambda script: script.name)
def test_each_script_knows_htmx_4_only_and_writes_no_markup(script: Path) -> None:
    forbidden = r"htmx:[a-z]+[A-Z]|innerHTML|outerHTML\s*=|insertAdjacentHTML|eval\(|document\.write"
    assert re.search(forbidden, script.read_text(encoding="utf-8")) is None


def test_forms_post_or_search() -> None:
    for file in FILES:
        for form in re.findall(r"<form[^>]*>", file.read_text(encoding="utf-8")):
            assert (
                'method="post"' in form
                or 'method="dialog"' in form
                or 'action="/search"' in form
                or 'method="get"' in form
            ), form
