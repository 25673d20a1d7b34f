-- The ends of streams whose report may be of a call by its media alone: rows of the table of quality by the hour of
-- micro_ts << 56 | hash of address and port (storage/media_ends.py). A report with a Call-ID that the writer has seen in
-- SIP needs none, and those are nearly all: two more indexes over all of them cost a third of what storing them costs.
CREATE TABLE IF NOT EXISTS `{name}` (
  end_key           BIGINT UNSIGNED NOT NULL,
  micro_ts          BIGINT UNSIGNED NOT NULL,
  id                BIGINT UNSIGNED NOT NULL,
  part              SMALLINT UNSIGNED NOT NULL,
  PRIMARY KEY (end_key, micro_ts, id, part)
) ENGINE=InnoDB DEFAULT CHARSET=binary {options} COMMENT='hepbox schema 1'
