"""HEP 1, 2 and 3 (specification revision 37): a datagram or stream of octets <-> Packet. Pure."""
