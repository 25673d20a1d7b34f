"""Every Redis key we use: its type, who writes it, who deletes it.

hepbox:batches        stream   receivers and import add; a writer deletes an entry after it is stored
  group `mysql`                the writers; an entry goes when the group has acknowledged it
hepbox:counters       hash     every process adds to `name\\x1flabel…`; nobody deletes
hepbox:seen:DIGEST    string   a writer notes a packet by which copies are known (deduplicate_ms); expires by itself
hepbox:process:NAME   string   a process's last sign of life (JSON), expires by itself
hepbox:history        list     the scheduler adds a sample every few seconds, and takes away those of over an hour ago

Channels, which hold nothing; the number of the Redis database follows, since channels do not know of those:
hepbox:live:rows:N    writers tell the rows that they stored, while somebody listens
hepbox:live:texts:N   the same with the octets of the messages
hepbox:live:calls:N   the settler tells the call records that it wrote
"""

BATCHES = "hepbox:batches"
GROUP = "mysql"
COUNTERS = "hepbox:counters"
PROCESS = "hepbox:process:"
HISTORY = "hepbox:history"
LIVE = "hepbox:live:"

NAME_FIELD = b"n"
COUNT_FIELD = b"c"
BODY_FIELD = b"b"
