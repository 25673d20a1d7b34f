from appliance.cli.benchmark.filling import Traffic
from appliance.cli.benchmark.questions import KINDS, percentiles, range_of, subjects
from appliance.model.ids import HOUR_US
from appliance.query.parse import parse
from appliance.storage.search import allowed

TRAFFIC = Traffic(20_000, 1_795_435_200_000_000, "ab12")


def test_subjects_are_calls_of_the_traffic_and_the_same_for_the_same_seed() -> None:
    found = list(subjects(TRAFFIC, 5, seed=3))
    assert found == list(subjects(TRAFFIC, 5, seed=3)) != list(subjects(TRAFFIC, 5, seed=4))
    assert [subject.number for subject in found] == [0, 1, 2, 3, 4]
    for subject in found:
        assert subject.user.startswith("+9991") and subject.called.startswith("+9992")
        assert subject.callid.endswith("-ab12-1@mix.example.com")
        assert subject.source_ip.startswith("198.51.100.")


def test_each_question_can_be_asked_in_its_view_and_names_it() -> None:
    for subject in subjects(TRAFFIC, 3, seed=0):
        for kind in KINDS:
            allowed.check(parse(kind.line(subject)).root, kind.view)
    assert len({(kind.name, kind.view) for kind in KINDS}) == len(KINDS)


def test_a_question_without_an_index_is_asked_over_one_hour_within_the_traffic() -> None:
    (kind, *_) = [kind for kind in KINDS if kind.hours == 1]
    for number in range(100):
        start, end = range_of(kind, TRAFFIC, number)
        assert end - start == HOUR_US
        assert TRAFFIC.from_us <= start < end <= TRAFFIC.to_us


def test_all_others_are_asked_over_everything() -> None:
    start, end = range_of(KINDS[0], TRAFFIC, 7)
    assert start <= TRAFFIC.from_us < TRAFFIC.to_us < end


def test_percentiles_are_told_of_two_times_already() -> None:
    assert percentiles([1.0, 3.0]) == {"p50": 2.0, "p95": 2.9}
