"""A call -> SVG, PNG, text, pcap, JSON."""
