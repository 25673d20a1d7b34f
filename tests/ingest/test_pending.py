from appliance.ingest.pending import Pending, is_time
from appliance.ingest.spans import Span
from appliance.storage.changes import Note


def note(batch: str, noted_us: int) -> Note:
    return Note(batch, noted_us, ())


def test_its_times_reach_over_all_that_came() -> None:
    pending = Pending()
    pending.add(50, 60, note("a", 100))
    pending.add(10, 20, note("b", 90))
    assert pending.span == Span(10, 60)
    assert (pending.first_noted_us, pending.last_noted_us) == (90, 100)


def test_a_note_is_new_once() -> None:
    pending = Pending()
    assert pending.add(1, 2, note("a", 100))
    assert not pending.add(3, 4, note("a", 100))
    assert pending.notes == {"a"}


def test_it_is_due_when_nothing_more_comes_or_when_it_waited_long() -> None:
    pending = Pending()
    pending.add(1, 2, note("a", 100))
    assert not pending.is_due(109, quiet_us=10, longest_us=30)
    assert pending.is_due(110, quiet_us=10, longest_us=30)
    pending.add(1, 2, note("b", 125))
    assert not pending.is_due(129, quiet_us=10, longest_us=30)
    assert pending.is_due(130, quiet_us=10, longest_us=30)


def test_it_is_due_when_the_clock_went_back_since_it_was_noted() -> None:
    pending = Pending()
    pending.add(1, 2, note("a", 1000))
    assert not pending.is_due(999, quiet_us=10, longest_us=30)
    assert not pending.is_due(971, quiet_us=10, longest_us=30)
    assert pending.is_due(970, quiet_us=10, longest_us=30)


def test_what_is_done_every_so_often_does_not_wait_for_a_clock_that_went_back() -> None:
    assert not is_time(99, next_us=100, every_us=10)
    assert not is_time(90, next_us=100, every_us=10)
    assert is_time(100, next_us=100, every_us=10)
    assert is_time(89, next_us=100, every_us=10)
