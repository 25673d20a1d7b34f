from dataclasses import replace

import pytest

from appliance.model.rows import CallState
from tests.calls.made import flow

(INVITE,) = flow("0 A>B INVITE")


@pytest.mark.parametrize(("method", "is_request"), [("INVITE", True), ("FOO", True), ("200", False), ("", False)])
def test_a_request_has_a_method_that_is_no_number(method: str, is_request: bool) -> None:
    assert replace(INVITE, method=method).is_request is is_request


def test_a_state_is_read_from_its_word() -> None:
    assert CallState("answered") is CallState.ANSWERED
    assert all(str(state) == state.value and len(state) <= 12 for state in CallState), "the column holds 12 octets"
