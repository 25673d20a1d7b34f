"""The processes that receive, store and settle."""
