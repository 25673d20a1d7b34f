"""The query line -> a tree of conditions. Pure."""
