"""The columns of result tables (FEATURES D4: HOMER's grid for messages)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the API's; `heading` what stands above; parts/_rows.html has the cells in the same order."""

    name: str
    heading: str
    title: str
    kind: str = "text"
    """text, number, time, wire (came off the wire, monospaced)."""


MESSAGES: tuple[Column, ...] = (
    Column("id", "Id", "Id of the message", "wire"),
    Column("ts", "Date", "Time of the packet, UTC", "time"),
    Column("method", "Method", "Method, or code of the response"),
    Column("reply_reason", "Reason", "Reason phrase of the response", "wire"),
    Column("ruri_user", "R-URI user", "User of the Request-URI", "wire"),
    Column("from_user", "From", "User of From", "wire"),
    Column("to_user", "To", "User of To", "wire"),
    Column("callid", "Call-ID", "Call-ID", "wire"),
    Column("callid_aleg", "Other leg", "Call-ID of the other leg, as a header names it", "wire"),
    Column("user_agent", "User agent", "User-Agent, else Server", "wire"),
    Column("source_ip", "Source", "Address that sent it", "wire"),
    Column("source_port", "Port", "Port that sent it", "number"),
    Column("destination_ip", "Destination", "Address that it was sent to", "wire"),
    Column("destination_port", "Port", "Port that it was sent to", "number"),
    Column("proto", "Proto", "Transport"),
    Column("node", "Node", "Agent that sent us the packet", "wire"),
)

CALLS: tuple[Column, ...] = (
    Column("started", "Started", "Time of the first message, UTC", "time"),
    Column("state", "State", "How the call ended, or where it is"),
    Column("from_user", "From", "User of From", "wire"),
    Column("to_user", "To", "User of To", "wire"),
    Column("ruri_user", "R-URI user", "User of the Request-URI", "wire"),
    Column("status", "Status", "Final response to the first INVITE"),
    Column("reply_reason", "Reason", "Reason phrase of the final response", "wire"),
    Column("talk_ms", "Talk", "From the answer to the hang-up", "number"),
    Column("pdd_ms", "PDD", "Post-dial delay: INVITE to the first ringing", "number"),
    Column("setup_ms", "Setup", "INVITE to the answer", "number"),
    Column("hung_up_by", "Hung up", "Who hung up"),
    Column("causes", "Causes", "Causes of the end", "wire"),
    Column("mos", "MOS", "The worst mean opinion score of its reports, 1 to 5", "number"),
    Column("legs", "Legs", "Call-IDs of the joined call", "number"),
    Column("messages", "Msgs", "Messages, copies folded", "number"),
    Column("source_ip", "Source", "Address that sent the first message", "wire"),
    Column("destination_ip", "Destination", "Address that it was sent to", "wire"),
    Column("user_agent", "User agent", "User-Agent of the first message", "wire"),
    Column("nodes", "Nodes", "Agents that saw it", "wire"),
    Column("callid", "Call-ID", "Call-ID", "wire"),
)

QUALITY: tuple[Column, ...] = (
    Column("ts", "Date", "Time of the report, UTC", "time"),
    Column("mos", "MOS", "Mean opinion score, 1 to 5", "number"),
    Column("loss_percent", "Loss %", "Packets that did not come, of a hundred", "number"),
    Column("jitter_ms", "Jitter ms", "Interarrival jitter (RFC 3550)", "number"),
    Column("round_trip_ms", "Round trip ms", "From one end to the other and back", "number"),
    Column("packets", "Packets", "Packets of the stream", "number"),
    Column("lost", "Lost", "Packets that did not come", "number"),
    Column("codec", "Codec", "Codec of the stream", "wire"),
    Column("source_ip", "Media from", "Who sends the stream", "wire"),
    Column("destination_ip", "Media to", "Who receives the stream", "wire"),
    Column("kind", "Report", "Kind of the report"),
    Column("direction", "Told by", "Who measured: the receiver of the stream, its sender, or a probe between"),
    Column("mos_model", "MOS from", "The model that the MOS comes from, and its inputs", "wire"),
    Column("node", "Node", "Agent that sent us the report", "wire"),
    Column("callid", "Call-ID", "Call-ID", "wire"),
)

LOGS: tuple[Column, ...] = (
    Column("ts", "Date", "Time of the line, UTC", "time"),
    Column("kind", "Kind", "log, webrtc, isup or other"),
    Column("node", "Node", "Agent that sent it", "wire"),
    Column("source_ip", "Source", "Address that it is from", "wire"),
    Column("text", "Text", "The line, or the beginning of the event", "wire"),
    Column("callid", "Call-ID", "Call-ID", "wire"),
)

OF_VIEW = {"calls": CALLS, "messages": MESSAGES, "quality": QUALITY, "logs": LOGS}
