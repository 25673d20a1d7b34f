"""The report of a call as one HTML file: style inside, no script, nothing fetched, its own Content-Security-Policy."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from appliance import __version__
from appliance.export.ladder_style import page_css
from appliance.export.material import Material
from appliance.export.report.content import content


def html(call: Material, made_us: int) -> str:
    """The whole file."""
    ours = Markup(style())  # noqa: S704 - files of this package
    return _TEMPLATES.get_template("report.html").render(
        report=content(call, made_us), style=ours, hash=_hash(), version=__version__, drawn=Markup
    )


@cache
def style() -> str:
    """The style sheet; on paper everything is light."""
    own = files("appliance.export").joinpath("templates", "report.css").read_text(encoding="utf-8")
    ladder = page_css().replace("@media (prefers-color-scheme", "@media screen and (prefers-color-scheme")
    return f"\n{own}\n{ladder}\n"


@cache
def _hash() -> str:
    """Only this style counts: what the network sent cannot bring another."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()


_TEMPLATES = Environment(
    loader=PackageLoader("appliance.export", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
