-- What people said of legs: these two Call-IDs are one call, or are not, whatever the settler finds. The lesser first.
CREATE TABLE IF NOT EXISTS leg_decisions (
  one       VARBINARY(255) NOT NULL,
  other     VARBINARY(255) NOT NULL,
  joined    BOOLEAN NOT NULL,
  user_name VARBINARY(64) NOT NULL,
  made_at   BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (one, other),
  KEY other (other),
  KEY made_at (made_at)
) ENGINE=InnoDB DEFAULT CHARSET=binary;
