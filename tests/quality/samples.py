"""Recorded reports with their expected values, and the octets as they travel."""

import json
from typing import Any

from tests.captures import load_json

HERE, THERE = ("192.0.2.1", 4001), ("192.0.2.2", 5001)
"""Source and destination of the packets in these tests."""

HEADER_OF = {"x-rtp-stat": "X-RTP-Stat", "p-rtp-stat": "P-RTP-Stat", "x-rtp-stat-add": "X-RTP-Stat-Add"}


def samples() -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in load_json("qos_samples")["samples"]}


def octets(sample: dict[str, Any]) -> list[tuple[int, bytes]]:
    """HEP type and payload of each packet of a sample; headers are put into a BYE."""
    if sample["kind"] in HEADER_OF:
        return [(1, bye(f"{HEADER_OF[sample['kind']]}: {sample['payload']}"))]
    payloads = sample["payload"] if isinstance(sample["payload"], list) else [sample["payload"]]
    texts = [one if isinstance(one, str) else json.dumps(one) for one in payloads]
    return [(sample["hep_proto_type"] or 99, text.encode()) for text in texts]


def bye(*headers: str) -> bytes:
    return "\r\n".join(["BYE sip:b@192.0.2.2 SIP/2.0", "Call-ID: x", *headers, "", ""]).encode()


def fixtures() -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in load_json("rtcp_binary_fixtures")}


def fixture(name: str) -> bytes:
    return bytes.fromhex(fixtures()[name]["hex"])
