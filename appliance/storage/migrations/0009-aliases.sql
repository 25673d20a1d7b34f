-- Names of addresses, networks and ports, and their groups. model/aliases.py says what counts when several fit.
-- Every statement can be run again: MySQL commits each CREATE by itself, so a migration that was cut off starts anew.

-- address   10.0.0.1 or 10.0.0.0/8, as Python's ipaddress writes it
-- port      0 is any
CREATE TABLE IF NOT EXISTS aliases (
  address    VARCHAR(49) CHARACTER SET ascii NOT NULL,
  port       SMALLINT UNSIGNED NOT NULL,
  name       VARCHAR(64) NOT NULL,
  group_name VARCHAR(64) NOT NULL,
  colour     VARCHAR(8) CHARACTER SET ascii NOT NULL,
  changed_at BIGINT UNSIGNED NOT NULL,
  changed_by VARCHAR(64) NOT NULL,
  PRIMARY KEY (address, port)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
