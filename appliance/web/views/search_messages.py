"""/search.pcap and /search.txt: the messages behind a query's rows as one file (FEATURES D7).

Of the view `messages` these are its rows, of the others all messages of what is in its rows; of more than fit the
newest, and then the file says so in its name and in a header.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from starlette.responses import Response, StreamingResponse

from appliance.export import messages_text
from appliance.export import pcap as pcap_
from appliance.model.octets import octets
from appliance.model.rows import MessageRow, Page
from appliance.storage.audit import Action
from appliance.web import asking, audit_trail, errors
from appliance.web.asking import Asked, BadArgument
from appliance.web.patience import while_wanted
from appliance.web.result_messages import PAGES, VIEWS, Bounds, Gathered, gathered
from appliance.web.state import Request, now_us
from appliance.web.views.search_files import INCOMPLETE, MOST_SECONDS
from appliance.web.wording import minute, sentence


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is written."""

    name: str
    kind: str
    pieces: Callable[[Iterable[MessageRow]], Iterator[bytes]]


def _texts(rows: Iterable[MessageRow]) -> Iterator[bytes]:
    return (octets(messages_text.text([row])) for row in rows)


_PCAP = Format("pcap", "application/vnd.tcpdump.pcap", pcap_.records)
_TEXT = Format("txt", "text/plain; charset=utf-8", _texts)


@while_wanted
async def pcap(request: Request) -> Response:
    """The messages as packets, for Wireshark."""
    return await _file(request, _PCAP)


@while_wanted
async def txt(request: Request) -> Response:
    """The messages as text."""
    return await _file(request, _TEXT)


async def _file(request: Request, form: Format) -> Response:
    asked = asking.of(request.query_params, PAGES["messages"])
    try:
        asked = asking.resolved(asked, now_us()).in_order_of_time
        found = await _gathered(request, asked, form)
    except asking.PROBLEMS as error:
        problem = asking.problem_of(error, asked)
        return errors.answer(request, problem.status, sentence(problem.sentence), where=problem.where)
    await audit_trail.write(request, Action.EXPORTED, f"{form.name} {asked.words}")
    name = f"hepbox-{asked.view}-{minute(asked.from_us).replace(' ', '-').replace(':', '')}"
    name += "-incomplete" if found.notes else ""
    said = {INCOMPLETE: " ".join(sentence(note) for note in found.notes)} if found.notes else {}
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form.name}"', **said}
    return StreamingResponse(form.pieces(found.messages), media_type=form.kind, headers=headers)


async def _gathered(request: Request, asked: Asked, form: Format) -> Gathered:
    if asked.view not in VIEWS:
        raise BadArgument(f"A {form.name} file is of messages: ask for the view {' or '.join(VIEWS)}.", "view")
    asked = replace(asked, limit=PAGES[asked.view], options="apart")

    async def ask(cursor: str | None) -> Page:
        return await asking.answer(request, asked.after(cursor) if cursor else asked)

    return await gathered(request.state["database"], request.state["site"], ask, Bounds(MOST_SECONDS), asked.from_us)
