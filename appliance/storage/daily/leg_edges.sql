-- What joins a call of this UTC day with another, or may: a row at each end (hour, hash, started: the call's, as in
-- calls.sql). joined 0: possible. confidence in percent. Written by the settler alone.
CREATE TABLE IF NOT EXISTS `{name}` (
  hour           TINYINT UNSIGNED NOT NULL,
  hash           BIGINT UNSIGNED NOT NULL,
  started        BIGINT UNSIGNED NOT NULL,
  other_hash     BIGINT UNSIGNED NOT NULL,
  other_started  BIGINT UNSIGNED NOT NULL,
  ground         VARBINARY(5)   NOT NULL,
  joined         TINYINT UNSIGNED NOT NULL,
  confidence     TINYINT UNSIGNED NOT NULL,
  why            VARBINARY(255) NOT NULL,
  PRIMARY KEY (hour, hash, started, other_hash, other_started)
) ENGINE=InnoDB DEFAULT CHARSET=binary {options} COMMENT='hepbox schema 1'
