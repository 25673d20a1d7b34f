"""Rows against a query in memory, as the tables would answer it: what the live tail asks of each row that comes.

filter   a tree of the query -> whether a message, or a call, fulfils it
fields   what each field looks at: the twin of storage/search/columns.py
values   one value against octets, a number, an address: the twin of storage/search/compare.py
raw      terms that are read from a message's own octets; search uses these too
"""
