"""The process that shows."""
