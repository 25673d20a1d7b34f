"""Where the recorded traffic with expected values lies: beside the project, never in it (see its MANIFEST.md)."""

import json
from pathlib import Path
from typing import Any

CAPTURES = Path(__file__).resolve().parents[2] / "shared" / "captures"


def load_json(name: str) -> Any:
    """The expected values of `derived/NAME.json`."""
    return json.loads((CAPTURES / "derived" / f"{name}.json").read_text(encoding="utf-8"))


def hep_stream(name: str) -> bytes:
    """Concatenated HEP3 frames, as on a TCP connection."""
    return (CAPTURES / "derived" / "hep_streams" / name).read_bytes()
