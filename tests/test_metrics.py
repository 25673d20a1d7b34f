import threading

from appliance.metrics import COUNTERS, Counts


def test_sums_are_taken_once() -> None:
    counts = Counts()
    counts.add("hep_received_total", 2, "udp")
    counts.add("hep_received_total", 3, "udp")
    counts.add("batches_pushed_total")
    assert counts.take() == {"hep_received_total\x1fudp": 5, "batches_pushed_total": 1}
    assert counts.take() == {}


def test_what_is_given_back_is_added_to_what_came_meanwhile() -> None:
    counts = Counts()
    counts.add("batches_pushed_total", 2)
    taken = counts.take()
    counts.add("batches_pushed_total", 3)
    counts.put_back(taken)
    assert counts.take() == {"batches_pushed_total": 5}


def test_several_threads_lose_nothing() -> None:
    counts, taken = Counts(), []

    def count() -> None:
        for _ in range(5000):
            counts.add("batches_pushed_total")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        taken.append(counts.take().get("batches_pushed_total", 0))
    taken.append(counts.take().get("batches_pushed_total", 0))
    assert sum(taken) == 20_000


def test_each_counter_is_declared_once_and_named_as_prometheus_wants() -> None:
    names = [counter.name for counter in COUNTERS]
    assert len(names) == len(set(names))
    assert all(name.endswith("_total") and name.islower() for name in names)
