import re

from appliance.matching.widths import width
from appliance.storage import daily_tables

LISTS = ("causes", "codecs", "nodes", "problems")
"""Columns of which a part is looked for, never the whole."""


def test_widths_are_those_of_the_tables() -> None:
    for table in ("sip_capture_call_20261123", "calls_20261123"):
        octets = dict(re.findall(r"^  (\w+) +VARBINARY\((\d+)\)", daily_tables.create_sql(table), re.MULTILINE))
        for column, held in octets.items():
            if int(held) >= 64:
                assert width(column) == int(held) or column in LISTS
