-- Payloads of one kind and day, many to a block: zstd over (count, lengths, octets), see storage/texts.py.
-- Bodies are compressed already; page compression is for the pages that they fill by half, and keeps the file sparse.
CREATE TABLE IF NOT EXISTS `{name}` (
  block     BIGINT UNSIGNED NOT NULL,
  first_ts  BIGINT UNSIGNED NOT NULL,
  last_ts   BIGINT UNSIGNED NOT NULL,
  messages  SMALLINT UNSIGNED NOT NULL,
  body      LONGBLOB NOT NULL,
  PRIMARY KEY (block)
) ENGINE=InnoDB DEFAULT CHARSET=binary {options} COMMENT='hepbox schema 1'
