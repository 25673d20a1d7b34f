"""Capture files (pcap, pcapng) -> packets; made-up calls for demo and benchmark."""
