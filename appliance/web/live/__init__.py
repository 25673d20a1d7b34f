"""The live tail: one connection hears what the writers store, and each who watches is shown what fits their query.

hub      hears it, reads the rows, and hands them round within a bounded time
watcher  one stream: what its query finds, what of it is shown, and what that is a part of
told     what is told, as rows: on which channel, which fit a query, and how a view shows them
tally    how many a second
asked    what can be watched
"""
