import base64
import hashlib
import re
from html.parser import HTMLParser

from appliance.export.report.page import html, style
from tests.calls.made import START_US
from tests.export.material import HOSTILE, material, reported, told
from tests.export.sipp.made import call, reply, request


class Parsed(HTMLParser):
    """Tags, attributes and ids of a page; void elements closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in ("meta", "rect", "line", "path", "circle") or self.get_starttag_text() == f"<{tag}>":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open[-1:] == [tag]:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass


def test_it_needs_nothing_and_runs_nothing() -> None:
    page = Parsed(html(reported(), START_US))
    assert not page.tags & {"script", "link", "img", "iframe", "object", "form", "base"}
    assert not {name for name in page.attributes if name == "style" or name.startswith("on")}
    assert page.links and all(link.startswith("#") for link in page.links)


def test_only_its_own_style_counts() -> None:
    text = html(reported(), START_US)
    (inside,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert inside == style()
    allowed = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
    assert f"default-src &#39;none&#39;; style-src &#39;sha256-{allowed}&#39;" in text.replace("'", "&#39;")


def test_every_link_within_it_leads_somewhere() -> None:
    page = Parsed(html(reported(), START_US))
    assert {link[1:] for link in page.links} <= set(page.ids)
    anchors = [id_ for id_ in page.ids if id_.startswith(("message-", "stream-"))]
    assert len(anchors) == len(set(anchors)) == 7


def test_whatever_the_network_sent_is_text() -> None:
    rows = call(("A>B", request("INVITE", 1, f"User-Agent: {HOSTILE}")), ("B>A", reply(f"486 {HOSTILE}", "1 INVITE")))
    text = html(reported(messages=tuple(rows), callid=HOSTILE, why=told(HOSTILE)), START_US)
    assert HOSTILE not in text and "<script" not in text
    assert text.count("&lt;script&gt;") >= 5


def test_it_says_who_made_it_and_when_and_is_light_on_paper() -> None:
    text = html(material(), START_US)
    assert "on 2026-11-23 10:11:12 UTC. All times are UTC." in text
    assert "@media (prefers-color-scheme" not in text and "@media print" in text


def test_parts_that_a_call_has_not_are_not_there() -> None:
    text = html(material([], call=None), START_US)
    assert "No message of this call is stored any more." in text
    assert 'id="media"' not in text and 'id="lines"' not in text and 'id="legs"' not in text
