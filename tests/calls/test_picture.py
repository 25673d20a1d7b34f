from appliance.calls.picture import WHOLE, Colours, Times, host_key


def test_nothing_is_hidden_when_nobody_chooses() -> None:
    assert (WHOLE.time, WHOLE.colour, WHOLE.media, WHOLE.sdp) == (Times.ABSOLUTE, Colours.CLASS, True, False)
    assert not (WHOLE.hide or WHOLE.hidden_hosts or WHOLE.legs or WHOLE.merged_hosts or WHOLE.mark)


def test_the_key_of_a_column_is_its_address_and_its_port_where_it_has_one() -> None:
    assert host_key("10.0.0.1") == "10.0.0.1"
    assert host_key("10.0.0.1", 5060) == "10.0.0.1:5060"
    assert host_key("2001:db8::1", 5060) == "[2001:db8::1]:5060"
    assert host_key("2001:db8::1") == "2001:db8::1"
