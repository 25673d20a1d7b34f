from appliance.export.sipp.body import text


def sdp(*lines: str) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()


def test_media_gets_the_address_and_ports_of_sipp() -> None:
    lines = [
        "v=0", "o=a 1 1 IN IP4 10.0.0.1", "s=-", "c=IN IP4 10.0.0.1/127", "m=audio 4000 RTP/AVP 8 0",
        "a=rtcp:4001 IN IP4 10.0.0.1", "m=video 0 RTP/AVP 31", "m=image 5000 udptl t38", "a=rtcp:5001",
    ]  # fmt: skip
    assert text(sdp(*lines)).split("\n") == [
        "v=0",
        "o=a 1 1 IN IP[media_ip_type] [media_ip]",
        "s=-",
        "c=IN IP[media_ip_type] [media_ip]",
        "m=audio [media_port] RTP/AVP 8 0",
        "a=rtcp:[media_port+1] IN IP[media_ip_type] [media_ip]",
        "m=video 0 RTP/AVP 31",
        "m=image [media_port+4] udptl t38",
        "a=rtcp:[media_port+5]",
        "",
    ]


def test_a_held_stream_stays_held() -> None:
    assert "c=IN IP4 0.0.0.0" in text(sdp("v=0", "c=IN IP4 0.0.0.0", "m=audio 4000 RTP/AVP 8"))


def test_candidates_name_no_captured_address() -> None:
    candidate = "a=candidate:1 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 10.0.1.1 rport 8998 generation 0"
    assert text(sdp("v=0", "m=audio 4000 RTP/AVP 8", candidate)).split("\n")[2] == (
        "a=candidate:1 1 UDP 1694498815 [media_ip] [media_port] typ srflx generation 0"
    )


def test_what_is_no_description_stays_as_it_is() -> None:
    assert text(b"Signal=5\r\nm=audio 1 x\r\n") == "Signal=5\nm=audio 1 x\n"
    assert text(b"\x01\x00\xff ]]>[$x]") == r"\x01\x00\xFF \x5D\x5D>\x5B$x\x5D"
    assert text(b"") == ""


def test_line_ends_are_kept() -> None:
    assert text(b"a\r\nb") == "a\nb"
    assert text(b"a\nb\n") == "a\nb\n"
    assert text(b"a\nb\r\n") == r"a\x0Ab" + "\n"
    assert text(b" a \r\n\r\n\r\n") == r"\x20a\x20\x0D\x0A\x0D\x0A" + "\n"


def test_a_description_within_a_multipart_is_found() -> None:
    body = b"--x\r\nContent-Type: application/sdp\r\n\r\n" + sdp("v=0", "m=audio 4000 RTP/AVP 8") + b"--x--\r\n"
    assert "m=audio [media_port] RTP/AVP 8" in text(body)
