-- What shows that lines of the audit trail were changed, taken away or put between others: storage/audit_chain.py.
-- Every statement can be run again: MySQL commits each CREATE by itself, so a migration that was cut off starts anew.

-- hash   SHA-256 of the hash before it and of the line; lines written before there was a chain have none
CREATE TABLE IF NOT EXISTS audit_chain (
  id   BIGINT UNSIGNED NOT NULL,
  hash BINARY(32) NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- The end of the chain: one row, which whoever writes a line holds until it is written.
CREATE TABLE IF NOT EXISTS audit_head (
  one  TINYINT UNSIGNED NOT NULL,
  id   BIGINT UNSIGNED NOT NULL,
  hash BINARY(32) NOT NULL,
  PRIMARY KEY (one)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT IGNORE INTO audit_head (one, id, hash) VALUES (1, 0, UNHEX(REPEAT('00', 32)));
