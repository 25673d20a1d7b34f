import os

from tests.fuzz.compiled import run

INPUTS = 400_000 if os.environ.get("CI") == "true" else 30_000


def test_what_the_compiled_reader_takes_it_reads_as_the_plain_ones_do() -> None:
    findings = run(INPUTS, seed=3)
    assert findings.broken == []
    assert findings.inputs == INPUTS
    assert findings.taken > INPUTS // 10
    assert all(findings.kinds[kind] > INPUTS // 200 for kind in ("call", "registration", "rest"))
