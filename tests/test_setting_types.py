from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from appliance import setting_types as types


@pytest.mark.parametrize(
    ("type_", "written", "value"),
    [
        (types.Words, "a, b;c  d", ("a", "b", "c", "d")),
        (types.Words, "", ()),
        (types.Lines, "\n a b \n\n c,d\n", ("a b", "c,d")),
        (types.Names, "X-A, X.B", ("X-A", "X.B")),
        (types.Networks, "10.0.0.1/8 ::1", (ip_network("10.0.0.0/8"), ip_network("::1"))),
        (types.Address, "[::]:9060", "[::]:9060"),
        (types.OptionalAddress, "off", None),
        (types.OptionalAddress, "localhost:1", "localhost:1"),
        (types.OptionalPath, "", None),
        (types.OptionalPath, "/a", Path("/a")),
        (types.OptionalCount, "", None),
        (types.OptionalCount, "256", 256),
    ],
)
def test_values_are_read_as_they_are_written(type_: Any, written: str, value: object) -> None:
    assert TypeAdapter(type_).validate_python(written) == value


@pytest.mark.parametrize(
    ("type_", "written"),
    [
        (types.Names, "X A:"),
        (types.Networks, "10.0.0.0/33"),
        (types.Address, "9060"),
        (types.Address, "0.0.0.0:65536"),
        (types.Address, "::1:9060"),
        (types.OptionalAddress, "on"),
        (types.OptionalCount, "0"),
    ],
)
def test_what_is_written_wrong_is_refused(type_: Any, written: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(type_).validate_python(written)
