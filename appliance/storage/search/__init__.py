"""Searching the tables: a query line and a time range in, one page of rows out.

ask         one search from beginning to end; totals: how many rows there are; looked: what was looked at
plan        a tree of the query -> a condition on one table
columns     which column a field means: the allow-list
compare     a value against a column, as parameters
lookups     which indexes answer a tree, asked of calls; keys: what they find
slices      a range of time from the newest to the oldest, for what is read through; scan: of texts
statements  running SQL within a time, and ending it when nobody waits
"""

from appliance.storage.search.ask import continued, root_of, search
from appliance.storage.search.question import (
    FOLDED,
    MAX_ROWS,
    VIEWS,
    BadCursor,
    Limits,
    Order,
    Question,
    SearchTimeout,
    Unsearchable,
)

__all__ = [
    "FOLDED",
    "MAX_ROWS",
    "VIEWS",
    "BadCursor",
    "Limits",
    "Order",
    "Question",
    "SearchTimeout",
    "Unsearchable",
    "continued",
    "root_of",
    "search",
]
