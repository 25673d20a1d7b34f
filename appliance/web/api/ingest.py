"""POST /api/v1/ingest: events and logs that come over HTTP, into the same buffer as HEP (FEATURES A9)."""

import ipaddress
import secrets
from collections.abc import Iterable
from typing import Any

from starlette.responses import JSONResponse, Response

from appliance.buffer.batch import Batch, Origin, record, seal
from appliance.buffer.connection import BufferError
from appliance.buffer.push import is_full_async, push_async
from appliance.log import logger
from appliance.web import errors
from appliance.web.posted import body, fields, janus, packets
from appliance.web.posted.fields import Refused
from appliance.web.state import Request, now_us

RETRY_SECONDS = 5
MOST_REFUSALS_TOLD = 100
_AWAY = "The buffer does not take anything now; nothing of this was stored. Send it again in a few seconds."


async def post(request: Request) -> Response:
    """Store posted events, reports and lines of logs."""
    try:
        sender = _sender(request)
        found = body.items(
            await request.body(),
            request.headers.get("content-type", ""),
            request.headers.get("content-encoding", ""),
        )
    except body.BadBody as error:
        return errors.answer(request, error.status, str(error), code=error.code, where=error.where)
    except Refused as error:
        return errors.answer(request, 422, str(error), code="bad_argument", where=error.where)
    records, refused = _records(found, sender, request.state["handles"])
    if records and not await _pushed(request, records):
        return errors.answer(request, 503, _AWAY, code="buffer_away", headers={"Retry-After": str(RETRY_SECONDS)})
    answer = {"accepted": len(records), "refused": len(refused), "refusals": refused[:MOST_REFUSALS_TOLD]}
    return JSONResponse(answer, 202)


def _sender(request: Request) -> packets.Sender:
    """The address that posts, and what `?callid=`, `?node=` and `?type=` say of every item. Raises Refused."""
    asked = request.query_params
    type_ = fields.protocol_type(asked["type"]) if "type" in asked else None
    callid = fields.octets(asked.get("callid", ""), "callid", packets.LONGEST_CALLID)
    node = fields.octets(asked.get("node", ""), "node", packets.LONGEST_NODE)
    return packets.Sender(_address(request), callid, node, type_)


def _address(request: Request) -> str:
    try:
        return str(ipaddress.ip_address(request.client.host if request.client else ""))
    except ValueError:
        return "127.0.0.1"  # a socket file


def _records(
    found: Iterable[Any], sender: packets.Sender, handles: janus.Handles
) -> tuple[list[bytes], list[dict[str, Any]]]:
    """Records for a batch, and which items were refused and why."""
    items, received_us = list(found), now_us()
    handles.learn(items)
    records: list[bytes] = []
    refused: list[dict[str, Any]] = []
    for index, item in enumerate(items):
        try:
            data = packets.frame(packets.packet(item, sender, handles))
        except Refused as error:
            refused.append({"index": index, "message": str(error), "where": error.where})
        else:
            records.append(record(received_us, sender.address, 0, Origin.HTTP, data))
    return records, refused


async def _pushed(request: Request, records: list[bytes]) -> bool:
    """Whether the buffer has them on disk now. A batch's name makes sure that each is stored once."""
    buffer = request.state["buffer"]
    try:
        if await is_full_async(buffer):
            return False
        await push_async(buffer, Batch(f"http-{secrets.token_hex(8)}", len(records), seal(records)))
    except (BufferError, OSError) as error:
        logger().warning("buffer_unreachable", error=str(error))
        return False
    request.state["counts"].add("hep_received_total", len(records), "http")
    request.state["counts"].add("hep_received_bytes_total", sum(map(len, records)), "http")
    return True
