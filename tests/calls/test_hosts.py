from dataclasses import replace

from appliance.calls.hosts import MOST_PORTS, Hosts, key
from appliance.model.rows import MessageRow
from tests.calls.made import flow


def hop(source: tuple[str, int], destination: tuple[str, int], proto: str = "udp") -> MessageRow:
    """A message between two sockets."""
    return replace(
        flow("0 A>B INVITE")[0],
        source_ip=source[0], source_port=source[1], destination_ip=destination[0], destination_port=destination[1],
        proto=proto,
    )  # fmt: skip


def test_an_address_is_one_column_with_its_ports() -> None:
    hosts = Hosts([hop(("a", 5060), ("p", 5060)), hop(("p", 5080), ("b", 5060))])
    assert hosts.columns == [("a", None), ("p", None), ("b", None)]
    assert hosts.ports[("p", None)] == [5060, 5080]


def test_short_lived_ports_of_connections_make_no_column_and_no_port() -> None:
    hosts = Hosts([hop(("a", 51000), ("p", 5061), "tls"), hop(("a", 51001), ("p", 5061), "tls")])
    assert hosts.ports == {("a", None): [], ("p", None): [5061]}
    assert hosts.ends(hop(("p", 5061), ("a", 51001), "tls")) == (1, 0)


def test_a_high_port_that_several_talk_to_is_the_hosts_own() -> None:
    hosts = Hosts([hop(("a", 51000), ("p", 50600), "tcp"), hop(("b", 51000), ("p", 50600), "tcp")])
    assert hosts.ports[("p", None)] == [50600]


def test_an_address_that_talks_to_itself_has_a_column_per_port() -> None:
    rows = [hop(("l", 5080), ("l", 5060)), hop(("l", 5060), ("l", 5070)), hop(("l", 5060), ("x", 5060))]
    hosts = Hosts(rows)
    assert hosts.columns == [("l", 5080), ("l", 5060), ("l", 5070), ("x", None)]
    assert [hosts.ends(row) for row in rows] == [(0, 1), (1, 2), (1, 3)]


def test_short_lived_ports_of_an_address_that_talks_to_itself_share_a_column() -> None:
    rows = [hop(("l", 51000), ("l", 5060), "tcp"), hop(("l", 51002), ("l", 5060), "tcp")]
    assert Hosts(rows).columns == [("l", None), ("l", 5060)]


def test_a_message_from_a_socket_to_itself_has_one_column() -> None:
    hosts = Hosts([hop(("p", 5060), ("p", 5060))])
    assert hosts.columns == [("p", None)]


def test_an_address_with_a_thousand_ports_has_few_columns() -> None:
    hosts = Hosts([hop(("l", port), ("l", port + 1)) for port in range(1, 1000)])
    assert len(hosts.columns) == MOST_PORTS + 1


def test_merged_columns_are_one_where_the_first_was() -> None:
    rows = [hop(("a", 5060), ("p", 5060)), hop(("p", 5060), ("b", 5060)), hop(("p", 5060), ("c", 5060))]
    hosts = Hosts(rows, [("c", "a")])
    assert hosts.columns == [("a", None), ("p", None), ("b", None)]
    assert hosts.members["a", None] == [("a", None), ("c", None)]
    assert hosts.ends(rows[2]) == (1, 0)


def test_a_host_that_only_media_goes_to_stands_beside_who_told_it() -> None:
    rows = [hop(("a", 5060), ("p", 5060)), hop(("p", 5060), ("b", 5060))]
    hosts = Hosts(rows)
    assert hosts.add(("m", None), ("a", None)) == ("m", None)
    assert hosts.columns == [("a", None), ("m", None), ("p", None), ("b", None)]
    assert ("m", None) not in hosts.talking
    assert hosts.ends(rows[1]) == (2, 3)
    assert hosts.of_address("m") == ("m", None) and hosts.of_address("x") is None


def test_keys_name_columns_in_addresses() -> None:
    assert [key(column) for column in (("10.0.0.1", None), ("10.0.0.1", 5), ("::1", 5))] == [
        "10.0.0.1", "10.0.0.1:5", "[::1]:5",
    ]  # fmt: skip
