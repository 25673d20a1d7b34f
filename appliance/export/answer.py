"""The answer of a search as the API gives it (INTERFACES "HTTP"), for web and command alike."""

from typing import Any

from appliance.export import as_json
from appliance.model.octets import shown
from appliance.model.quality import LogRow, QualityRow
from appliance.model.rows import CallRow, MessageRow, Page


def answer(query: str, view: str, from_us: int, to_us: int, page: Page) -> dict[str, Any]:
    """`from` and `to` are the resolved range; `notes` are sentences about what was not looked at."""
    return {
        "query": shown(query),
        "view": view,
        "from": from_us,
        "to": to_us,
        "rows": [row(each) for each in page.rows],
        "next": page.next,
        "total": {"count": page.total.count, "exact": page.total.exact},
        "sites": [{"name": site.name, "ok": site.ok, "ms": site.ms, "error": site.error} for site in page.sites],
        "notes": list(page.notes),
    }


def row(found: CallRow | MessageRow | QualityRow | LogRow) -> dict[str, Any]:
    """A row in the words of INTERFACES."""
    match found:
        case CallRow():
            return as_json.call(found)
        case QualityRow():
            return as_json.quality(found)
        case LogRow():
            return as_json.log(found)
    return as_json.message(found)
