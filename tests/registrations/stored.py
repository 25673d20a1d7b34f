"""REGISTER packets on their way into tables, for tests."""

import secrets
from collections.abc import Sequence

from appliance.buffer.batch import Record
from appliance.ingest.gathered import Gathered
from appliance.ingest.understand import Understanding
from tests.sip_packets import KEPT_DAYS, batch


def gathered(records: Sequence[Record]) -> Gathered:
    """As a writer gathers them."""
    found = Gathered(Understanding(("X-CID",), KEPT_DAYS))
    found.add(batch(secrets.token_hex(6), records))
    return found
