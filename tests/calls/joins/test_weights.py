import pytest

from appliance.calls.joins import weights


def test_points_are_probabilities() -> None:
    assert weights.confidence(0) == 0.5
    assert 0.95 < weights.confidence(weights.JOIN) < 0.96
    assert weights.confidence(-1e9) < 1e-9 and weights.confidence(1e9) > 1 - 1e-9


def test_the_nearer_two_moments_the_more_they_say() -> None:
    points = [weights.coincidence(apart) for apart in (0, 30_000, 100_000, 300_000, 1_000_000, 10_000_000, 1 << 61)]
    assert points == sorted(points, reverse=True)
    assert weights.coincidence(-30_000) == weights.coincidence(30_000)


SIGNS = [weights.CALLER, weights.CALLEE, weights.HOST, weights.SESSION, weights.MEDIA, weights.TAG]


@pytest.mark.parametrize("sign", SIGNS)
def test_no_single_sign_joins_two_calls_even_at_one_moment(sign: weights.Sign) -> None:
    assert weights.BASE + sign.points + weights.coincidence(0) < weights.JOIN
