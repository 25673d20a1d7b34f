"""The answer of a search as the API gives it (INTERFACES "HTTP"), for web and command alike."""

from typing import Any

from appliance.export import as_json
from appliance.model.dialogs import DialogRow
from appliance.model.octets import shown
from appliance.model.quality import LogRow, QualityRow
from appliance.model.registrations import RegistrationRow
from appliance.model.rows import CallRow, Looked, MessageRow, Page


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
        "plan": [looked(each) for each in page.plan],
    }


def looked(found: Looked) -> dict[str, Any]:
    """`indexes` led to the rows; without any, the part of time from `from` to `to` was read through."""
    return {
        "table": found.table,
        "indexes": list(found.indexes),
        "rows": found.rows,
        "exact": found.exact,
        "why": found.why or None,
        "from": found.from_us or None,
        "to": found.to_us or None,
    }


Row = CallRow | MessageRow | QualityRow | LogRow | RegistrationRow | DialogRow


def row(found: Row) -> dict[str, Any]:
    """A row in the words of INTERFACES."""
    match found:
        case CallRow():
            return as_json.call(found)
        case QualityRow():
            return as_json.quality(found)
        case LogRow():
            return as_json.log(found)
        case RegistrationRow():
            return as_json.registration(found)
        case DialogRow():
            return as_json.dialog(found)
    return as_json.message(found)
