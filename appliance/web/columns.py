"""The columns of result tables (FEATURES D4: HOMER's grid for messages): those shown at first, and all there are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the API's; `heading` what stands above; parts/_cells.html has a cell for each look."""

    name: str
    heading: str
    title: str
    kind: str = "text"
    """text, number, time, wire (came off the wire, monospaced)."""
    look: str = ""
    """How its cells are drawn when the kind does not say it."""


MESSAGES: tuple[Column, ...] = (
    Column("id", "Id", "Id of the message", "wire", "id"),
    Column("ts", "Date", "Time of the packet", "time"),
    Column("method", "Method", "Method, or code of the response", look="method"),
    Column("reply_reason", "Reason", "Reason phrase of the response", "wire"),
    Column("ruri_user", "R-URI user", "User of the Request-URI", "wire"),
    Column("from_user", "From", "User of From", "wire"),
    Column("to_user", "To", "User of To", "wire"),
    Column("callid", "Call-ID", "Call-ID", "wire", "callid"),
    Column("callid_aleg", "Other leg", "Call-ID of the other leg, as a header names it", "wire", "leg"),
    Column("user_agent", "User agent", "User-Agent, else Server", "wire"),
    Column("source_ip", "Source", "Address that sent it", "wire", "host"),
    Column("source_port", "Port", "Port that sent it", "number", "port"),
    Column("destination_ip", "Destination", "Address that it was sent to", "wire", "host"),
    Column("destination_port", "Port", "Port that it was sent to", "number", "port"),
    Column("proto", "Proto", "Transport"),
    Column("node", "Node", "Agent that sent us the packet", "wire"),
)

CALLS: tuple[Column, ...] = (
    Column("started", "Started", "Time of the first message", "time"),
    Column("state", "State", "How the call ended, or where it is", look="state"),
    Column("from_user", "From", "User of From", "wire", "party"),
    Column("to_user", "To", "User of To", "wire", "party"),
    Column("ruri_user", "R-URI user", "User of the Request-URI", "wire", "party"),
    Column("status", "Status", "Final response to the first INVITE", look="status"),
    Column("reply_reason", "Reason", "Reason phrase of the final response", "wire"),
    Column("talk_ms", "Talk", "From the answer to the hang-up", "number", "span"),
    Column("pdd_ms", "PDD", "Post-dial delay: INVITE to the first ringing", "number", "span"),
    Column("setup_ms", "Setup", "INVITE to the answer", "number", "span"),
    Column("hung_up_by", "Hung up", "Who hung up"),
    Column("causes", "Causes", "Causes of the end", "wire", "list"),
    Column("mos", "MOS", "The worst mean opinion score of its reports, 1 to 5", "number", "mos"),
    Column("legs", "Legs", "Call-IDs of the joined call", "number", "legs"),
    Column("messages", "Msgs", "Messages, copies folded", "number", "messages"),
    Column("source_ip", "Source", "Address that sent the first message", "wire", "host"),
    Column("destination_ip", "Destination", "Address that it was sent to", "wire", "host"),
    Column("user_agent", "User agent", "User-Agent of the first message", "wire"),
    Column("nodes", "Nodes", "Agents that saw it", "wire", "list"),
    Column("callid", "Call-ID", "Call-ID", "wire", "callid"),
)

QUALITY: tuple[Column, ...] = (
    Column("ts", "Date", "Time of the report", "time"),
    Column("mos", "MOS", "Mean opinion score, 1 to 5", "number", "mos"),
    Column("loss_percent", "Loss %", "Packets that did not come, of a hundred", "number", "figure"),
    Column("jitter_ms", "Jitter ms", "Interarrival jitter (RFC 3550)", "number", "figure"),
    Column("round_trip_ms", "Round trip ms", "From one end to the other and back", "number", "figure"),
    Column("packets", "Packets", "Packets of the stream", "number"),
    Column("lost", "Lost", "Packets that did not come", "number"),
    Column("codec", "Codec", "Codec of the stream", "wire"),
    Column("source_ip", "Media from", "Who sends the stream", "wire", "end"),
    Column("destination_ip", "Media to", "Who receives the stream", "wire", "end"),
    Column("kind", "Report", "Kind of the report"),
    Column("direction", "Told by", "Who measured: the receiver of the stream, its sender, or a probe between"),
    Column("mos_model", "MOS from", "The model that the MOS comes from, and its inputs", "wire"),
    Column("node", "Node", "Agent that sent us the report", "wire"),
    Column("callid", "Call-ID", "Call-ID", "wire", "callid"),
)

LOGS: tuple[Column, ...] = (
    Column("ts", "Date", "Time of the line", "time"),
    Column("kind", "Kind", "log, webrtc, isup or other"),
    Column("node", "Node", "Agent that sent it", "wire"),
    Column("source_ip", "Source", "Address that it is from", "wire", "host"),
    Column("text", "Text", "The line, or the beginning of the event", "wire", "line"),
    Column("callid", "Call-ID", "Call-ID", "wire", "callid"),
)

REGISTRATIONS: tuple[Column, ...] = (
    Column("ended", "Last", "Time of its last message", "time"),
    Column("state", "State", "What its last answered REGISTER came to, at the end of the range", look="state"),
    Column("aor", "Address of record", "Whom it registers: user and domain of To", "wire", "party"),
    Column("expires_at", "Expires", "Until when the registrar granted it", "time"),
    Column("status", "Status", "Final response to its last REGISTER", look="status"),
    Column("source_ip", "Source", "Address that its last REGISTER came from, at its first hop", "wire", "end"),
    Column("contact", "Contact", "Where it is to be reached", "wire", "party"),
    Column("user_agent", "User agent", "User-Agent of the device", "wire"),
    Column(
        "refreshes", "Refreshes", "Times that it registered again in time, of the hours that were looked at", "number"
    ),
    Column("flaps", "Flaps", "Times that it was gone and came back, or came from elsewhere", "number"),
    Column("rrd_ms", "RRD", "Registration request delay (RFC 6076): REGISTER to its 200", "number", "span"),
    Column("instance", "Instance", "Which device (RFC 5626)", "wire"),
    Column("proto", "Proto", "Transport"),
    Column("started", "First", "Its first REGISTER in the range, or a day before it", "time"),
    Column("path", "Path", "Proxies before the registrar (RFC 3327)", "wire"),
    Column("nodes", "Nodes", "Agents that saw it", "wire", "list"),
    Column("callid", "Call-ID", "Call-ID of its last REGISTER", "wire", "callid"),
)

DIALOGS: tuple[Column, ...] = (
    Column("started", "Started", "Time of the first message", "time"),
    Column("method", "Method", "Method of the first request", look="request"),
    Column("event", "Event", "Event of its first request", "wire"),
    Column(
        "dialogs", "Outcome", "Final response to the first request; of many OPTIONS how many got a 2xx", look="outcome"
    ),
    Column("reply_reason", "Reason", "Reason phrase of the final response", "wire"),
    Column("response_ms", "Response", "From the request to its final response", "number", "span"),
    Column("from_user", "From", "User of From", "wire", "party"),
    Column("to_user", "To", "User of To", "wire", "party"),
    Column("source_ip", "Source", "Address that sent the first request", "wire", "host"),
    Column("destination_ip", "Destination", "Address that it was sent to", "wire", "host"),
    Column("messages", "Msgs", "Messages, copies folded", "number"),
    Column("ended", "Last", "Time of the last message", "time"),
    Column("nodes", "Nodes", "Agents that saw it", "wire", "list"),
    Column("callid", "Call-ID", "Call-ID", "wire", "callid"),
)

OF_VIEW = {
    "calls": CALLS,
    "messages": MESSAGES,
    "registrations": REGISTRATIONS,
    "dialogs": DIALOGS,
    "quality": QUALITY,
    "logs": LOGS,
}
"""What each view shows at first."""

MORE: dict[str, tuple[Column, ...]] = {
    "calls": (
        Column("ended", "Ended", "Time of the last message", "time"),
        Column("from_domain", "From domain", "Domain of From", "wire"),
        Column("to_domain", "To domain", "Domain of To", "wire"),
        Column("from_country", "From country", "Country of the caller's number"),
        Column("to_country", "To country", "Country of the called number"),
        Column("countries", "Countries", "Countries of the addresses of source and destination", look="list"),
        Column("codecs", "Codecs", "Codecs by offer and answer", "wire", "list"),
        Column("copies", "Copies", "Stored packets, copies counted each", "number"),
        Column("retransmissions", "Retrans.", "Retransmissions", "number"),
    ),
    "messages": (
        Column("cseq", "CSeq", "Number of CSeq", "number", "port"),
        Column("cseq_method", "CSeq method", "Method of CSeq", "wire"),
        Column("ruri_domain", "R-URI domain", "Domain of the Request-URI", "wire"),
        Column("from_domain", "From domain", "Domain of From", "wire"),
        Column("from_tag", "From tag", "Tag of From", "wire"),
        Column("to_domain", "To domain", "Domain of To", "wire"),
        Column("to_tag", "To tag", "Tag of To", "wire"),
        Column("contact_user", "Contact", "User of Contact", "wire"),
        Column("pid_user", "PAI", "User of P-Asserted-Identity", "wire"),
        Column("auth_user", "Auth user", "User of Authorization or Proxy-Authorization", "wire"),
        Column("correlation_id", "Correlation", "Correlation id of HEP", "wire"),
        Column("reason", "Reason header", "The header Reason", "wire"),
        Column("kind", "Kind", "Kind of the packet"),
        Column("copies", "Copies", "Stored packets that are this message", "number"),
        Column("problems", "Problems", "What is wrong with it", "wire", "list"),
    ),
    "registrations": (
        Column("source_port", "Port", "Port that its last REGISTER came from", "number", "port"),
        Column("reg_id", "Flow", "Which of the device's flows (reg-id, RFC 5626)", "number", "port"),
        Column("expires_seconds", "Granted s", "Seconds that the registrar granted last", "number"),
    ),
    "dialogs": (
        Column("status", "Status", "Final response to the first request, of many OPTIONS to the latest", look="status"),
        Column("failed", "Failed", "How many of its dialogs got no 2xx", "number"),
    ),
    "quality": (
        Column("source_port", "From port", "Port that the stream is sent from", "number", "port"),
        Column("destination_port", "To port", "Port that the stream is sent to", "number", "port"),
        Column("ssrc", "SSRC", "Synchronization source of the stream", "number", "port"),
        Column("r_factor", "R", "R factor, 0 to 120", "number", "figure"),
        Column("clock_rate_hz", "Clock Hz", "What jitter was turned into milliseconds with", "number"),
        Column("codec_from", "Codec from", "Whether the report names the codec, or the call's SDP"),
        Column("id", "Id", "Id of the packet that told it", "wire", "id"),
    ),
    "logs": (Column("id", "Id", "Id of the packet", "wire", "id"),),
}
"""What can be shown beside."""


def all_of(view: str) -> tuple[Column, ...]:
    """Every column of a view."""
    return OF_VIEW[view] + MORE.get(view, ())
