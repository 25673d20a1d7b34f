import re

from appliance.model.kinds import Kind
from appliance.query.fields import FIELDS
from appliance.query.parse import parse
from appliance.query.tree import Term
from appliance.storage import daily_tables
from appliance.storage.search.columns import CALL, PACKET, SIP

TABLES = {"sip_capture_call_20261123": SIP, "logs_capture_all_20261123": PACKET, "calls_20261123": CALL}
NOT_COLUMNS = [
    "AND",
    "BETWEEN",
    "BIGINT",
    "CAST",
    "COALESCE",
    "COLLATE",
    "CONCAT",
    "CONVERT",
    "ESCAPE",
    "IN",
    "INET6_ATON",
    "IS",
    "LENGTH",
    "LIKE",
    "NOT",
    "NULL",
    "OR",
    "REGEXP",
    "SIGNED",
    "TRUE",
    "USING",
    "AS",
    "latin1",
    "latin1_bin",
    "latin1_general_ci",
    "s",
]


def test_every_column_that_is_asked_is_in_its_table() -> None:
    for table, tests in TABLES.items():
        columns = set(re.findall(r"^  (\w+) +[A-Z]", daily_tables.create_sql(table), re.MULTILINE))
        for name, test in tests.items():
            term = parse(FIELDS[name].example).root
            assert isinstance(term, Term)
            words = set(re.findall(r"[A-Za-z_]\w*", test(term.value).sql)) - set(NOT_COLUMNS)
            assert words <= columns, (table, name, words - columns)


def test_every_field_asked_of_a_table_is_a_field() -> None:
    assert set(SIP) | set(CALL) <= set(FIELDS)
    assert set(PACKET) <= set(SIP)
    assert Kind.LOG not in SIP
