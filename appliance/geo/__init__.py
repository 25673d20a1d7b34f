"""Countries of IP addresses, by a MaxMind database file of the operator's."""
