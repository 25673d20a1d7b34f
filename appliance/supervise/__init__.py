"""Starts, watches and stops every process, our own MariaDB and Redis included."""
