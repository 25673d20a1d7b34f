"""Captures: the SIP, RTCP and HEP packets in pcap and pcapng files, and made-up traffic.

files -> frames (link, IP, fragments) -> UDP: classify, TCP: streams of messages -> read.Captured
-> packets (model.packet.Packet). `demo` and `mix` make traffic of nobody. Nothing here has a clock or a socket.
"""
