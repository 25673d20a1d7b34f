"""The columns of result tables: one list for the page and for CSV (FEATURES D4: HOMER's grid for messages)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from appliance.model.octets import shown
from appliance.model.rows import CallRow, MessageRow
from appliance.web.wording import stamp

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the API's; `heading` what stands above; `value` plain, for CSV. The page's cell is cells/NAME."""

    name: str
    heading: str
    title: str
    value: Callable[[Any], Value]
    kind: str = "text"
    """text, number, time, wire (came off the wire, monospaced)."""


def _field(name: str) -> Callable[[Any], Value]:
    return lambda row: getattr(row, name)


def _joined(name: str) -> Callable[[Any], Value]:
    return lambda row: ",".join(getattr(row, name))


def _time(name: str) -> Callable[[Any], Value]:
    return lambda row: stamp(getattr(row, name))


MESSAGES: tuple[Column, ...] = (
    Column("id", "Id", "Id of the message", _field("id"), "wire"),
    Column("ts", "Date", "Time of the packet, UTC", _time("ts"), "time"),
    Column("method", "Method", "Method, or code of the response", _field("method")),
    Column("reply_reason", "Reason", "Reason phrase of the response", _field("reply_reason"), "wire"),
    Column("ruri_user", "R-URI user", "User of the Request-URI", _field("ruri_user"), "wire"),
    Column("from_user", "From", "User of From", _field("from_user"), "wire"),
    Column("to_user", "To", "User of To", _field("to_user"), "wire"),
    Column("callid", "Call-ID", "Call-ID", _field("callid"), "wire"),
    Column("callid_aleg", "Other leg", "Call-ID of the other leg, as a header names it", _field("callid_aleg"), "wire"),
    Column("user_agent", "User agent", "User-Agent, else Server", _field("user_agent"), "wire"),
    Column("source_ip", "Source", "Address that sent it", _field("source_ip"), "wire"),
    Column("source_port", "Port", "Port that sent it", _field("source_port"), "number"),
    Column("destination_ip", "Destination", "Address that it was sent to", _field("destination_ip"), "wire"),
    Column("destination_port", "Port", "Port that it was sent to", _field("destination_port"), "number"),
    Column("proto", "Proto", "Transport", _field("proto")),
    Column("node", "Node", "Agent that sent us the packet", _field("node"), "wire"),
)

CALLS: tuple[Column, ...] = (
    Column("started", "Started", "Time of the first message, UTC", _time("started"), "time"),
    Column("state", "State", "How the call ended, or where it is", _field("state")),
    Column("from_user", "From", "User of From", _field("from_user"), "wire"),
    Column("to_user", "To", "User of To", _field("to_user"), "wire"),
    Column("ruri_user", "R-URI user", "User of the Request-URI", _field("ruri_user"), "wire"),
    Column("status", "Status", "Final response to the first INVITE", _field("status")),
    Column("reply_reason", "Reason", "Reason phrase of the final response", _field("reply_reason"), "wire"),
    Column("talk_ms", "Talk", "From the answer to the hang-up", _field("talk_ms"), "number"),
    Column("pdd_ms", "PDD", "Post-dial delay: INVITE to the first ringing", _field("pdd_ms"), "number"),
    Column("setup_ms", "Setup", "INVITE to the answer", _field("setup_ms"), "number"),
    Column("hung_up_by", "Hung up", "Who hung up", _field("hung_up_by")),
    Column("causes", "Causes", "Causes of the end", _joined("causes"), "wire"),
    Column("messages", "Msgs", "Messages, copies folded", _field("messages"), "number"),
    Column("source_ip", "Source", "Address that sent the first message", _field("source_ip"), "wire"),
    Column("destination_ip", "Destination", "Address that it was sent to", _field("destination_ip"), "wire"),
    Column("user_agent", "User agent", "User-Agent of the first message", _field("user_agent"), "wire"),
    Column("nodes", "Nodes", "Agents that saw it", _joined("nodes"), "wire"),
    Column("callid", "Call-ID", "Call-ID", _field("callid"), "wire"),
)

OF_VIEW = {"calls": CALLS, "messages": MESSAGES}

_DIALLED = re.compile(r"\+?[0-9*#]+\Z")


def cell(value: Value) -> str:
    """A value for CSV: what a spreadsheet would run as a formula gets an apostrophe, dialled numbers stay."""
    text = "" if value is None else shown(str(value)).replace("\x00", "\u2400")
    if text[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") and not _DIALLED.match(text):
        return f"'{text}"
    return text


def csv_values(columns: tuple[Column, ...], row: CallRow | MessageRow) -> list[str]:
    return [cell(column.value(row)) for column in columns]
