from dataclasses import dataclass, field

import pytest

from tests.fuzz import driver


@dataclass
class Counted:
    """How many inputs, and which seeds."""

    inputs: int = 0
    seeds: list[int] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def add(self, other: "Counted") -> None:
        self.inputs += other.inputs
        self.seeds += other.seeds
        self.broken += other.broken


def fuzz(inputs: int, seed: int) -> Counted:
    return Counted(inputs, [seed], ["odd"] * (seed % 2))


def test_the_work_is_shared_out_and_every_process_has_a_seed_of_its_own() -> None:
    found = driver.shared(fuzz, Counted(), 7, 3, 2)
    assert (found.inputs, sorted(found.seeds), found.broken) == (7, [6, 7], ["odd"])


def test_an_input_that_breaks_the_invariant_is_noted() -> None:
    found = Counted()
    with driver.judged(found, b"\xff"):
        raise ValueError("no")
    with driver.judged(found, b"fine"):
        pass
    assert found.broken == ["ValueError('no'): ff"]


@pytest.mark.parametrize(("broken", "status"), [([], 0), (["x"], 1)])
def test_the_command_prints_what_was_seen(
    broken: list[str], status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["fuzz", "--inputs", "5", "--seed", "2"])
    assert driver.command(lambda inputs, seed, processes: Counted(inputs, [seed], broken), "") == status
    assert '"inputs": 5' in capsys.readouterr().out
