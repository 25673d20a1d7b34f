-- One row per packet that is not SIP (reports, logs, events …); columns mean what they mean in sip.sql.
-- callid is the correlation id, or what the payload says it belongs to.
CREATE TABLE IF NOT EXISTS `{name}` (
  micro_ts          BIGINT UNSIGNED NOT NULL,
  id                BIGINT UNSIGNED NOT NULL,
  callid_key        BIGINT UNSIGNED NOT NULL,
  own_ts            BIGINT UNSIGNED NULL,
  arrival_ts        BIGINT UNSIGNED NOT NULL,
  callid            VARBINARY(255) NOT NULL,
  source_ip         VARBINARY(45)  NOT NULL,
  source_port       SMALLINT UNSIGNED NOT NULL,
  destination_ip    VARBINARY(45)  NOT NULL,
  destination_port  SMALLINT UNSIGNED NOT NULL,
  proto             VARBINARY(4)   NOT NULL,
  node              VARBINARY(128) NOT NULL,
  correlation_id    VARBINARY(255) NOT NULL,
  type              TINYINT UNSIGNED NOT NULL,
  size              INT UNSIGNED NOT NULL,
  payload_hash      BIGINT UNSIGNED NOT NULL,
  problems          VARBINARY(255) NOT NULL,
  PRIMARY KEY (micro_ts, id),
  KEY callid (callid_key)
) ENGINE=InnoDB DEFAULT CHARSET=binary {options} COMMENT='hepbox schema 1'
