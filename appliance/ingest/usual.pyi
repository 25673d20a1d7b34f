from appliance.model.kinds import Kind

Read = tuple[Kind, int, int, bytes, bytes, bytes, bytes]
"""kind, micro_ts, callid_key, Call-ID, node, tail, payload."""

class Usual:
    def __init__(self, chosen: tuple[bytes, ...], oldest_days: int) -> None: ...
    def read(self, data: bytes, received_us: int, sender_ip: str) -> Read | None: ...
