-- Payloads of one kind and day, many to a block: zstd over (count, lengths, octets), see storage/texts.py.
CREATE TABLE IF NOT EXISTS `{name}` (
  block     BIGINT UNSIGNED NOT NULL,
  first_ts  BIGINT UNSIGNED NOT NULL,
  last_ts   BIGINT UNSIGNED NOT NULL,
  messages  SMALLINT UNSIGNED NOT NULL,
  body      LONGBLOB NOT NULL,
  PRIMARY KEY (block)
) ENGINE=InnoDB DEFAULT CHARSET=binary ROW_FORMAT=DYNAMIC COMMENT='hepbox schema 1'
