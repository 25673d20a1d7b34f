-- One row per binding, Call-ID and UTC hour in which a REGISTER of it began (registrations/fold.py). Written by the
-- settler alone, which makes an hour of a Call-ID anew whenever a message of it came. Unknown is NULL.
-- hash         the Call-ID's; binding, aor_key: 56-bit hashes of the binding and of its address of record (storage/registrations.py)
-- made         when the settler wrote the row first: pages of one search all stand on the rows that its first page had
-- expires_at   until when the registrar granted it, microseconds; NULL when it is not registered
-- first_ok …   when it registered first in this hour, and from where: what came before is in other rows
CREATE TABLE IF NOT EXISTS `{name}` (
  hour              TINYINT UNSIGNED NOT NULL,
  hash              BIGINT UNSIGNED NOT NULL,
  binding           BIGINT UNSIGNED NOT NULL,
  aor_key           BIGINT UNSIGNED NOT NULL,
  made              BIGINT UNSIGNED NOT NULL,
  started           BIGINT UNSIGNED NOT NULL,
  ended             BIGINT UNSIGNED NOT NULL,
  status            SMALLINT UNSIGNED NULL,
  rrd_ms            INT UNSIGNED NULL,
  reg_id            INT UNSIGNED NULL,
  expires_seconds   INT UNSIGNED NULL,
  expires_at        BIGINT UNSIGNED NULL,
  refreshes         INT UNSIGNED NOT NULL,
  flaps             INT UNSIGNED NOT NULL,
  attempts          INT UNSIGNED NOT NULL,
  first_ok          BIGINT UNSIGNED NULL,
  source_port       SMALLINT UNSIGNED NOT NULL,
  first_port        SMALLINT UNSIGNED NOT NULL,
  state             VARBINARY(12)  NOT NULL,
  callid            VARBINARY(255) NOT NULL,
  aor               VARBINARY(255) NOT NULL,
  contact           VARBINARY(255) NOT NULL,
  instance          VARBINARY(128) NOT NULL,
  path              VARBINARY(255) NOT NULL,
  source_ip         VARBINARY(45)  NOT NULL,
  proto             VARBINARY(4)   NOT NULL,
  user_agent        VARBINARY(255) NOT NULL,
  first_ip          VARBINARY(45)  NOT NULL,
  nodes             VARBINARY(255) NOT NULL,
  PRIMARY KEY (hour, hash, binding),
  KEY started (started, binding),
  KEY binding (hour, binding),
  KEY aor (hour, aor_key)
) ENGINE=InnoDB DEFAULT CHARSET=binary {options} COMMENT='hepbox schema 1'
