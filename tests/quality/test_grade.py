import pytest

from appliance.quality.grade import grade


@pytest.mark.parametrize(
    ("mos", "loss_percent", "expected"),
    [
        (4.41, None, "good"),
        (4.0, 50.0, "good"),
        (3.7, 0.0, "fair"),
        (3.59, None, "bad"),
        (None, 0.5, "good"),
        (None, 2.0, "fair"),
        (None, 3.1, "bad"),
        (None, None, "unknown"),
    ],
)
def test_it_grades_by_mos_and_else_by_loss(mos: float | None, loss_percent: float | None, expected: str) -> None:
    assert grade(mos, loss_percent) == expected
