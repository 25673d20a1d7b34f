from appliance.model.remembered import LONGEST, Remembered


def read_once(most: int = 3) -> tuple[list[bytes], Remembered[bytes]]:
    read: list[bytes] = []

    def upper(value: bytes) -> bytes:
        read.append(value)
        return value.upper()

    return read, Remembered(upper, most)


def test_it_reads_a_value_once() -> None:
    read, remembered = read_once()
    assert [remembered[b"a"], remembered[b"a"], remembered[b""]] == [b"A", b"A", b""]
    assert read == [b"a", b""]


def test_it_never_holds_more_values_than_it_may() -> None:
    _, remembered = read_once()
    for number in range(50):
        assert remembered[b"x%d" % number] == b"X%d" % number
        assert len(remembered) <= 3


def test_it_holds_no_long_value() -> None:
    read, remembered = read_once()
    for size in (LONGEST, LONGEST, LONGEST + 1, LONGEST + 1):
        assert remembered[b"x" * size] == b"X" * size
    assert [len(value) for value in read] == [LONGEST, LONGEST + 1, LONGEST + 1]
    assert len(remembered) == 1
