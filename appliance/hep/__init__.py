"""HEP 1, 2 and 3: a datagram or stream of octets <-> Packet. Pure."""
