-- Values by which calls of this UTC day are found as legs of others (calls/joins/keys.py); a call without any has no row.
-- hour, started, hash   the call's, as in calls.sql; `key` is the hash that the value is looked up by
-- Of a value that very many calls have, only the first of each hour are kept: it joins none anyway.
CREATE TABLE IF NOT EXISTS `{name}` (
  hour     TINYINT UNSIGNED NOT NULL,
  `key`    BIGINT UNSIGNED NOT NULL,
  hash     BIGINT UNSIGNED NOT NULL,
  started  BIGINT UNSIGNED NOT NULL,
  sort     VARBINARY(1)   NOT NULL,
  value    VARBINARY(255) NOT NULL,
  callid   VARBINARY(255) NOT NULL,
  PRIMARY KEY (hour, `key`, hash, started, sort)
) ENGINE=InnoDB DEFAULT CHARSET=binary {options} COMMENT='hepbox schema 1'
