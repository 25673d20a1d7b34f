from appliance.export import ticket
from tests.export.material import material, told


def test_it_has_facts_ladder_and_messages_in_this_order() -> None:
    lines = ticket.text(material()).splitlines()
    assert lines[0] == "Call 100 → 200"
    assert lines[1] == "  Call-ID         made@10.0.0.1"
    ladder = next(n for n, line in enumerate(lines) if "INVITE (SDP)" in line)
    rule = lines.index(ticket.RULE)
    assert ladder < rule and lines[rule + 2].startswith(
        "U 2026-11-23 10:11:12.000000 UTC 10.0.0.1:5060 -> 10.0.0.2:5060"
    )
    assert sum(line.startswith("U 2026") for line in lines) == 6
    assert max(len(line) for line in lines[:rule]) <= 100


def test_why_it_went_so_stands_above_the_ladder() -> None:
    text = ticket.text(material(why=told("The callee hung up.", "It took \x1b 40 ms.")))
    assert "\n\nThe callee hung up.\nIt took \ufffd 40 ms.\n\n" in text


def test_a_call_of_nothing_is_a_text_too() -> None:
    assert ticket.text(material([], call=None)).startswith("Call unknown → unknown\n")
