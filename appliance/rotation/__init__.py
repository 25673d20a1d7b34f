"""The process that makes tables ahead and forgets old ones."""
