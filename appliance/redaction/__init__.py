"""What must not be told, out of messages and calls: numbers, names, addresses, credentials, keys, bodies."""
