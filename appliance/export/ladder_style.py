"""The style sheet of the ladder: one set of colours for the page, the SVG file and the PNG.

Colours mean the class of a response (GUI.md); each is told by the label too. Contrast is AA on its ground.
"""

from collections.abc import Mapping

from appliance.export.hues import HUES, colour

LIGHT: Mapping[str, str] = {
    "ground": "#ffffff",
    "band": "#f6f8fa",
    "hover": "#e8f0fe",
    "related": "#f3f7fe",
    "chosen": "#dfeafb",
    "head": "#f1f4f7",
    "edge": "#cbd3dc",
    "life": "#d3dae2",
    "text": "#1c232b",
    "faint": "#5c6773",
    "request": "#1f5fbf",
    "r1": "#5c6773",
    "r2": "#18793a",
    "r3": "#0b7285",
    "r4": "#a04d00",
    "r5": "#c62828",
    "mark": "#8a3fb0",
    "good": "#18793a",
    "fair": "#806000",
    "bad": "#c62828",
    "text_hue": "light",
}
DARK: Mapping[str, str] = {
    "ground": "#12161b",
    "band": "#171c22",
    "hover": "#1d2a3d",
    "related": "#18212d",
    "chosen": "#22344d",
    "head": "#1c222a",
    "edge": "#3a4552",
    "life": "#313b47",
    "text": "#e2e8ee",
    "faint": "#93a0ae",
    "request": "#7db3ff",
    "r1": "#9aa7b5",
    "r2": "#5ccf81",
    "r3": "#4cc9de",
    "r4": "#f0a94a",
    "r5": "#ff8078",
    "mark": "#d59bf0",
    "good": "#5ccf81",
    "fair": "#e3c04a",
    "bad": "#ff8078",
    "text_hue": "dark",
}
BAR, TEXT_LIGHT, TEXT_DARK = (0.62, 0.17), (0.47, 0.16), (0.78, 0.13)
"""Lightness and chroma of the bars that tell Call-IDs apart, and of coloured text on light and dark."""

_KINDS = {
    "request": "request",
    "r1": "r1",
    "r2": "r2",
    "r3": "r3",
    "r4": "r4",
    "r5": "r5",
    "r6": "r5",
    "other": "faint",
}
_FONT = 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", monospace'


def page_css() -> str:
    """For the page: light and dark by the system's choice, or by `data-theme` on the root element."""
    return "\n".join(
        (
            _shape(".ladder", _FONT),
            _colours(".ladder", LIGHT),
            f"@media (prefers-color-scheme: dark) {{\n{_colours(':root:not([data-theme=light]) .ladder', DARK)}\n}}",
            _colours(":root[data-theme=dark] .ladder", DARK),
        )
    )


def file_css() -> str:
    """For a file of its own: light and dark by the reader's system."""
    dark = f"@media (prefers-color-scheme: dark) {{\n{_colours('', DARK)}\n}}"
    return "\n".join((_shape("", _FONT), _colours("", LIGHT), dark))


def picture_css() -> str:
    """For a picture: light, in the font that comes along."""
    return "\n".join((_shape("", '"DejaVu Sans Mono"'), _colours("", LIGHT)))


def own(number: int, colours: Mapping[str, str]) -> str:
    """The colour of lines and names of a transaction or Call-ID."""
    return colour(number, *(TEXT_LIGHT if colours["text_hue"] == "light" else TEXT_DARK))


def _shape(scope: str, font: str) -> str:
    rules = {
        "text": f"font: 12px {font}; white-space: pre",
        ".host": "font-size: 12.5px; font-weight: bold; text-anchor: middle",
        ".port, .agent, .time, .delta, .corner": "font-size: 11px",
        ".port, .agent": "text-anchor: middle",
        ".agent": "font-style: italic",
        ".number, .time, .delta": "text-anchor: end",
        ".number, .corner, .leg-number": "font-size: 10.5px",
        ".leg-number": "font-weight: bold",
        ".told": "font-size: 11px",
        ".fork": "font-weight: bold",
        ".media-only .head": "stroke-dasharray: 4 3",
        ".middle": "text-anchor: middle",
        ".name": "font-weight: bold",
        ".band, .hit": "stroke: none",
        ".hit": "fill: transparent",
        ".head": "stroke-width: 1",
        ".life": "stroke-width: 1",
        ".line": "stroke-width: 1.5; fill: none",
        ".halo": "paint-order: stroke; stroke-width: 4px; stroke-linejoin: round",
        ".again .line": "stroke-dasharray: 5 3",
        ".marked .line": "stroke-width: 3",
        ".media .line": "stroke-width: 3; fill: none",
        ".media.early .line": "stroke-dasharray: 8 4",
        ".media.hold .line": "stroke-dasharray: 2 4",
        ".grip": "cursor: grab",
        ".sign": "stroke-width: 1.5",
        ".tally": "font-size: 9.5px; paint-order: stroke; stroke-width: 3px",
        ".mark": "text-decoration: none; cursor: pointer",
        ".arrow": "text-decoration: none; cursor: pointer",
    }
    return _sheet(scope, rules)


def _colours(scope: str, colours: Mapping[str, str]) -> str:
    rules = {
        ".ground": f"fill: {colours['ground']}",
        ".band": f"fill: {colours['band']}",
        ".head": f"fill: {colours['head']}; stroke: {colours['edge']}",
        ".life": f"stroke: {colours['life']}",
        ".host, .reason": f"fill: {colours['text']}",
        ".port, .agent, .delta, .number, .corner, .extra, .told, .leg-number": f"fill: {colours['faint']}",
        ".fork": f"fill: {colours['mark']}",
        ".time": f"fill: {colours['text']}",
        ".long": f"fill: {colours['text']}; font-weight: bold",
        ".halo": f"stroke: {colours['ground']}",
        ".odd .halo": f"stroke: {colours['band']}",
        ".hosts.target .head": f"stroke: {colours['request']}; stroke-width: 3",
        ".hosts.dragged": "opacity: 0.55",
    }
    # the hosts' lines stay in sight behind what is lit
    through = f"mix-blend-mode: {'darken' if colours['text_hue'] == 'light' else 'lighten'}"
    for mark in ("related", "same", "chosen"):
        ground = colours["hover" if mark == "same" else mark]
        rules[f".arrow.{mark} .hit, .mark.{mark} .hit"] = f"fill: {ground}; {through}"
        rules[f".arrow.{mark} .halo"] = f"stroke: {ground}"
    rules |= {
        ".arrow:not(.chosen):hover .hit, .arrow:not(.chosen):focus .hit": f"fill: {colours['hover']}; {through}",
        ".arrow:not(.chosen):hover .halo, .arrow:not(.chosen):focus .halo": f"stroke: {colours['hover']}",
        ".arrow.marked .hit": f"stroke: {colours['r4']}; stroke-width: 2",
        ".arrow:focus": "outline: none",
        ".arrow:focus-visible .hit": f"stroke: {colours['request']}; stroke-width: 2",
    }
    rules |= {
        ".sign": f"stroke: {colours['ground']}; fill: {colours['faint']}",
        ".report .sign": f"fill: {colours['r3']}",
        ".log .sign": f"fill: {colours['r4']}",
        ".event .sign": f"fill: {colours['mark']}",
        ".tally": f"fill: {colours['faint']}; stroke: {colours['ground']}",
        ".mark:hover .hit, .mark:focus .hit": f"fill: {colours['hover']}",
    }
    for kind, name in _KINDS.items():
        rules[f".{kind} .line"] = f"stroke: {colours[name]}"
        rules[f".{kind} .tip, .{kind} .name"] = f"fill: {colours[name]}"
    for grade in ("good", "fair", "bad"):
        rules[f".heard-{grade} .line"] = f"stroke: {colours[grade]}"
        rules[f".heard-{grade} .tip, .heard-{grade} .name"] = f"fill: {colours[grade]}"
    rules[".heard-unknown .line"] = f"stroke: {colours['r3']}"
    rules[".heard-unknown .tip, .heard-unknown .name"] = f"fill: {colours['r3']}"
    for number in range(HUES):
        text = own(number, colours)
        rules[f".own-{number} .line"] = f"stroke: {text}"
        rules[f".own-{number} .tip, .own-{number} .name"] = f"fill: {text}"
        rules[f".leg-{number}"] = f"fill: {colour(number, *BAR)}"
    rules[".again .line"] = f"stroke: {colours['faint']}"
    rules[".again .tip, .again .name, .again .reason"] = f"fill: {colours['faint']}"
    return _sheet(scope, rules)


def _sheet(scope: str, rules: Mapping[str, str]) -> str:
    return "\n".join(f"{_scoped(scope, selectors)} {{ {body} }}" for selectors, body in rules.items())


def _scoped(scope: str, selectors: str) -> str:
    return ", ".join(f"{scope} {selector}".strip() for selector in selectors.split(", "))
