"""Searching the tables: a query line and a time range in, one page of rows out.

ask         one search from beginning to end
plan        a tree of the query -> a condition on one table
columns     which column a field means: the allow-list
compare     a value against a column, as parameters
statements  running SQL within a time, and ending it when nobody waits
"""

from appliance.storage.search.ask import continued, search
from appliance.storage.search.question import (
    MAX_ROWS,
    VIEWS,
    BadCursor,
    Limits,
    Question,
    SearchTimeout,
    Unsearchable,
)

__all__ = [
    "MAX_ROWS",
    "VIEWS",
    "BadCursor",
    "Limits",
    "Question",
    "SearchTimeout",
    "Unsearchable",
    "continued",
    "search",
]
