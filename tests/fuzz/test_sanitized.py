import os

from tests.fuzz import sanitized

INPUTS = 1_000_000 if os.environ.get("CI") == "true" else 100_000


def test_the_compiled_reader_stays_within_whatever_octets_come_in() -> None:
    done = sanitized.run("tests.fuzz.hammer", "--inputs", str(INPUTS), seconds=250)
    assert done.returncode == 0, done.stderr[-4000:]
    assert f'"given": {INPUTS}' in done.stdout


def test_one_comparison_less_and_the_sanitizer_finds_it() -> None:
    careless = sanitized.run(
        *("tests.fuzz.hammer", "--inputs", "100000"),
        seconds=250,
        change=lambda source: source.replace("length > end - at", "length > 65535"),
    )
    assert careless.returncode != 0
    assert "AddressSanitizer" in careless.stderr
