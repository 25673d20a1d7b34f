import re
from pathlib import Path

import pytest

from appliance.web.programs import KEY_PLACEHOLDER, Program, Proof, filled, programs

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("program", programs(), ids=lambda program: program.name)
def test_each_names_tests_that_exist(program: Program) -> None:
    assert program.shown_by
    for test in program.shown_by:
        file, _, function = test.partition("::")
        text = (ROOT / file).read_text(encoding="utf-8")
        assert not function or f"def {function}(" in text


@pytest.mark.parametrize("program", programs(), ids=lambda program: program.name)
def test_what_is_proven_live_is_tested_with_the_real_program(program: Program) -> None:
    if program.proof is Proof.LIVE:
        file = ROOT / program.shown_by[0].partition("::")[0]
        assert "pytest.mark.agents" in file.read_text(encoding="utf-8")


def test_addresses_are_filled_in_and_the_key_never_is() -> None:
    for program in programs():
        made = filled(program, "192.0.2.7:9060", "https://hep.example/")
        for text in (made.lines, made.key, made.log):
            assert not re.search(r"@(HOST|PORT|URL|KEY)@", text)
        assert KEY_PLACEHOLDER not in made.lines
    (kamailio,) = [p for p in programs() if p.name == "kamailio"]
    assert 'sip:192.0.2.7:9060"' in filled(kamailio, "192.0.2.7:9060", "").lines
    assert "[2001:db8::1]:9060" in filled(kamailio, "[2001:db8::1]:9060", "").lines
    assert f'"{KEY_PLACEHOLDER}"' in filled(kamailio, "h:1", "").key


def test_names_that_lines_give_are_in_them_and_are_unlike() -> None:
    named = [program for program in programs() if program.node]
    assert len({program.node for program in named}) == len(named)
    for program in named:
        assert program.node in program.lines
        assert program.is_sender(program.node) and not program.is_sender("")
